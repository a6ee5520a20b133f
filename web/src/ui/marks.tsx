/** Small signs that always carry a word or a letter beside their colour. */
import {
  Circle,
  Diamond,
  Info,
  OctagonAlert,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { ReactNode } from "react";

import type { Severity, SeverityCounts } from "@/api/types";
import { cx } from "@/lib/cx";
import { formatCount } from "@/lib/format";
import { common } from "@/texts/common";

/** Every severity, the worst first. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

const SEVERITY_ICON: Record<Severity, LucideIcon> = {
  critical: OctagonAlert,
  high: TriangleAlert,
  medium: Diamond,
  low: Circle,
  info: Info,
};

/** The colours of a tone, as text on its own background. */
export type Tone = Severity | "ok" | "neutral" | "accent";

const TONES: Record<Tone, string> = {
  critical: "text-critical bg-critical-bg",
  high: "text-high bg-high-bg",
  medium: "text-medium bg-medium-bg",
  low: "text-low bg-low-bg",
  info: "text-info bg-info-bg",
  ok: "text-ok bg-ok-bg",
  neutral: "text-muted bg-sunken",
  accent: "text-accent bg-sunken",
};

const INK: Record<Severity, string> = {
  critical: "text-critical",
  high: "text-high",
  medium: "text-medium",
  low: "text-low",
  info: "text-info",
};

/** Mark, letter and word of a severity; `short` leaves the word to screen readers. */
export function SeverityMark({ severity, short }: { severity: Severity; short?: boolean }) {
  const Icon = SEVERITY_ICON[severity];
  return (
    <span className={cx("inline-flex items-center gap-1 whitespace-nowrap font-medium", INK[severity])}>
      <Icon size={14} strokeWidth={2} fill={severity === "critical" ? "currentColor" : "none"} fillOpacity={0.2} aria-hidden />
      {short ? (
        <>
          <span aria-hidden>{common.severityLetter[severity]}</span>
          <span className="sr-only">{common.severity[severity]}</span>
        </>
      ) : (
        common.severity[severity]
      )}
    </span>
  );
}

/** Counts of findings by severity; severities without a finding are left out. */
export function SeverityTally({ counts }: { counts: SeverityCounts }) {
  const shown = SEVERITIES.filter((severity) => counts[severity] > 0);
  if (shown.length === 0) return <span className="text-faint">0</span>;
  return (
    <span className="inline-flex items-center gap-x-2.5 whitespace-nowrap">
      {shown.map((severity) => {
        const Icon = SEVERITY_ICON[severity];
        return (
          <span key={severity} className={cx("inline-flex items-center gap-1", INK[severity])} title={common.severity[severity]}>
            <Icon size={13} strokeWidth={2} aria-hidden />
            {formatCount(counts[severity])}
            <span className="sr-only"> {common.severity[severity]}</span>
          </span>
        );
      })}
    </span>
  );
}

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
