import { cx } from "@/lib/cx";

const HEAT = [
  "bg-[var(--heat-1)] text-[var(--on-heat-1)]",
  "bg-[var(--heat-2)] text-[var(--on-heat-2)]",
  "bg-[var(--heat-3)] text-[var(--on-heat-3)]",
  "bg-[var(--heat-4)] text-[var(--on-heat-4)]",
  "bg-[var(--heat-5)] text-[var(--on-heat-5)]",
];

/** The step of the heat scale for a score between 0 and 100. */
const heat = (score: number): string => HEAT[Math.min(HEAT.length - 1, Math.floor(score / 20))] ?? "";

/** A score between 0 and 100 on its step of the scale. */
export function Score({ score }: { score: number }) {
  return (
    <span className={cx("inline-flex h-6 w-9 items-center justify-center rounded-control font-medium", heat(score))}>{score}</span>
  );
}
