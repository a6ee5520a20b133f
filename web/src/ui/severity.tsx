/** How bad something is: always a word or a letter beside the colour. */
import {
  Circle,
  Diamond,
  Info,
  OctagonAlert,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";

import type { Severity, SeverityCounts } from "@/api/types";
import { cx } from "@/lib/cx";
import { formatCount } from "@/lib/count";
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

const INK: Record<Severity, string> = {
  critical: "text-critical",
  high: "text-high",
  medium: "text-medium",
  low: "text-low",
  info: "text-info",
};

/** The mark of a severity alone, where its word is in the name of what it stands in. */
export function SeverityIcon({ severity }: { severity: Severity }) {
  const Icon = SEVERITY_ICON[severity];
  return <Icon size={14} strokeWidth={2} fill={severity === "critical" ? "currentColor" : "none"} fillOpacity={0.2} aria-hidden className={INK[severity]} />;
}

/** Mark, letter and word of a severity; `short` leaves the word to screen readers where there is little room. */
export function SeverityMark({ severity, short }: { severity: Severity; short?: boolean }) {
  const Icon = SEVERITY_ICON[severity];
  return (
    <span className={cx("inline-flex items-center gap-1 whitespace-nowrap font-medium", INK[severity])}>
      <Icon size={14} strokeWidth={2} fill={severity === "critical" ? "currentColor" : "none"} fillOpacity={0.2} aria-hidden />
      {short ? (
        <>
          <span aria-hidden className="sm:hidden">
            {common.severityLetter[severity]}
          </span>
          <span className="max-sm:sr-only">{common.severity[severity]}</span>
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
