/** Signs beside a proof: where a statement comes from, and what its check said. */
import { CircleCheck, CircleDashed, CircleSlash2, Ruler, Sigma, Sparkles, type LucideIcon } from "lucide-react";

import type { Origin } from "@/api/types";
import { common } from "@/texts/common";

const ORIGIN_ICON: Record<Origin, LucideIcon> = { measured: Ruler, inferred: Sigma, generated: Sparkles };

/** Where a statement comes from. */
export function OriginMark({ origin }: { origin: Origin }) {
  const Icon = ORIGIN_ICON[origin];
  return (
    <span className="inline-flex items-baseline gap-1 whitespace-nowrap text-meta text-faint">
      <Icon size={12} strokeWidth={1.75} aria-hidden className="self-center" />
      {common.origin[origin]}
    </span>
  );
}

/** What a check said the last time. */
export function CheckMark({ passed }: { passed: boolean | null | undefined }) {
  if (passed === true) return <CircleCheck size={14} className="shrink-0 text-ok" aria-label={common.check.passed} />;
  if (passed === false) return <CircleSlash2 size={14} className="shrink-0 text-high" aria-label={common.check.failed} />;
  return <CircleDashed size={14} className="shrink-0 text-faint" aria-label={common.check.unknown} />;
}
