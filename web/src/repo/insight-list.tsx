import { Suspense } from "react";

import type { Insight } from "@/api/types";
import { early } from "@/lib/part";
import { SkeletonRows } from "@/ui/loaded";

// The cards come with the insights, not before them.
const InsightCard = early(() => import("./insight-card"));

interface Props {
  insights: readonly Insight[];
  /** Whether they are numbered. */
  ranked?: boolean;
  /** Whether each says which repository it is about. */
  named?: boolean;
}

/** Insights as cards. */
export function InsightList({ insights, ranked, named = false }: Props) {
  return (
    <Suspense fallback={<SkeletonRows rows={Math.min(3, insights.length)} height="h-40" />}>
      <div className="flex flex-col gap-3">
        {insights.map((each, index) => (
          <InsightCard key={each.id} insight={each} named={named} {...(ranked ? { place: index + 1 } : {})} />
        ))}
      </div>
    </Suspense>
  );
}
