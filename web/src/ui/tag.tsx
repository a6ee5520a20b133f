import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

import { type Tone, TONES } from "./tones";

/** A short word on a coloured ground. */
export function Tag({ tone = "neutral", icon: Icon, children }: { tone?: Tone; icon?: LucideIcon; children: ReactNode }) {
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1 whitespace-nowrap rounded-control px-1.5 py-0.5 text-meta font-medium",
        TONES[tone],
      )}
    >
      {Icon && <Icon size={12} strokeWidth={2} aria-hidden />}
      {children}
    </span>
  );
}
