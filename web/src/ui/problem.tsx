import { Suspense } from "react";

import { early } from "@/lib/part";

const ProblemCard = early(() => import("./problem-card"));

export interface ProblemProps {
  /** What was thrown. */
  error: unknown;
  /** What could not be loaded: "findings". */
  what?: string;
  onRetry?: () => void;
}

/** What failed, why, what was kept, what to do next. Most pages never show one: its code comes beside their data. */
export const Problem = (props: ProblemProps) => (
  <Suspense>
    <ProblemCard {...props} />
  </Suspense>
);
