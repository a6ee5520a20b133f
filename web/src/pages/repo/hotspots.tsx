import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { hotspotsQuery } from "@/api/report";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { repo as texts } from "@/texts/repo";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const HotspotList = early(() => import("./hotspots/list"));

/** Files that change often and are hard to change. */
export function HotspotsPage() {
  const slug = useSlug();
  const { window } = useSearch({ from: "/inside/w/$ws/repos/$repo/hotspots" });
  // What was shown stays until the other window is there.
  const query = useQuery({ ...hotspotsQuery(useWorkspace(), slug, window), placeholderData: keepPreviousData });
  const rows = <SkeletonRows rows={12} />;
  return (
    <Loaded query={query} what={texts.hotspots} skeleton={rows}>
      {(found) => (
        <Suspense fallback={rows}>
          <HotspotList found={found} repo={slug} />
        </Suspense>
      )}
    </Loaded>
  );
}
