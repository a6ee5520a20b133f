import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { hotspotsQuery } from "@/api/report";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { repo as texts } from "@/texts/repo";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const OwnershipList = early(() => import("./ownership/list"));

/** Who knows what, and who would be missed. */
export function OwnershipPage() {
  const slug = useSlug();
  const query = useQuery(hotspotsQuery(useWorkspace(), slug));
  const rows = <SkeletonRows rows={12} />;
  return (
    <Loaded query={query} what={texts.ownership} skeleton={rows}>
      {(found) => (
        <Suspense fallback={rows}>
          <OwnershipList found={found} />
        </Suspense>
      )}
    </Loaded>
  );
}
