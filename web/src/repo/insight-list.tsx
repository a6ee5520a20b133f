import { lazy, Suspense } from "react";

import type { Insight } from "@/api/types";
import { SkeletonRows } from "@/ui/panel";

// The cards come with the insights, not before them.
const InsightCard = lazy(() => import("./insight-card"));

/** Insights as cards; `ranked` numbers them. */
export function InsightList({ insights, ranked }: { insights: readonly Insight[]; ranked?: boolean }) {
  return (
    <Suspense fallback={<SkeletonRows rows={Math.min(3, insights.length)} height="h-40" />}>
      <div className="flex flex-col gap-3">
        {insights.map((each, index) => (
          <InsightCard key={each.id} insight={each} {...(ranked ? { place: index + 1 } : {})} />
        ))}
      </div>
    </Suspense>
  );
}
