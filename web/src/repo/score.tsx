import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

const HEAT = [
  "bg-[var(--heat-1)] text-[var(--on-heat-1)]",
  "bg-[var(--heat-2)] text-[var(--on-heat-2)]",
  "bg-[var(--heat-3)] text-[var(--on-heat-3)]",
  "bg-[var(--heat-4)] text-[var(--on-heat-4)]",
  "bg-[var(--heat-5)] text-[var(--on-heat-5)]",
];

/** The step of the heat scale for a part of the greatest, between 0 and 1. */
export const heat = (part: number): string => HEAT[Math.min(HEAT.length - 1, Math.floor(part * HEAT.length))] ?? "";

/** A figure on the step of the heat scale that its part of the greatest has. */
export function Heat({ of, children }: { of: number; children: ReactNode }) {
  return (
    <span className={cx("inline-flex h-6 min-w-9 items-center justify-center whitespace-nowrap rounded-control px-1.5 font-medium", heat(of))}>
      {children}
    </span>
  );
}
