import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { insightsQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { repo as texts } from "@/texts/repo";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const InsightGroups = early(() => import("./insights/groups"));

/** Every insight. */
export function InsightsPage() {
  const query = useQuery(insightsQuery(useWorkspace(), useSlug()));
  const cards = <SkeletonRows rows={4} height="h-40" />;
  return (
    <Loaded query={query} what={texts.insights} skeleton={cards}>
      {({ items, meta }) => (
        <Suspense fallback={cards}>
          <InsightGroups items={items} partial={meta.partial} />
        </Suspense>
      )}
    </Loaded>
  );
}
