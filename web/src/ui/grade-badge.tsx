import { cx } from "@/lib/cx";
import { common } from "@/texts/common";

import { type Tone, TONES } from "./tones";

const GRADE_TONE: Record<string, Tone> = { A: "ok", B: "ok", C: "medium", D: "high", E: "critical" };

/** The letter of a grade; a dash when nothing could be measured. */
export function GradeBadge({ grade, size = "small" }: { grade: string | null; size?: "small" | "medium" | "large" }) {
  return (
    <span
      className={cx(
        "inline-flex shrink-0 items-center justify-center rounded-control font-semibold",
        { small: "size-6 text-dense", medium: "size-10 rounded-card text-section", large: "size-16 rounded-card text-landing" }[size],
        TONES[(grade && GRADE_TONE[grade]) || "neutral"],
      )}
    >
      <span className="sr-only">{common.grade} </span>
      {grade ?? <span aria-label={common.notMeasured}>–</span>}
    </span>
  );
}
