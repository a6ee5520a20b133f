import { CircleCheck, CircleDashed, CircleSlash2, CircleX, LoaderCircle } from "lucide-react";

import type { PhaseStatus } from "@/api/types";
import { cx } from "@/lib/cx";
import { formatCount } from "@/lib/count";
import { formatBytes, formatFact } from "@/lib/format";
import { progress as texts } from "@/texts/progress";

const ICONS = {
  queued: [CircleDashed, "text-faint"],
  running: [LoaderCircle, "text-accent spin"],
  done: [CircleCheck, "text-ok"],
  failed: [CircleX, "text-critical"],
  skipped: [CircleSlash2, "text-faint"],
} as const;

/** The phases of an analysis with their counters. */
export function PhaseList({ phases }: { phases: readonly PhaseStatus[] }) {
  return (
    <ol className="grid gap-x-8 gap-y-1.5 lg:grid-cols-2">
      {phases.map((phase) => {
        const [Icon, colour] = ICONS[phase.state];
        return (
          <li key={phase.phase} className="flex items-center gap-2 text-dense">
            <Icon size={14} strokeWidth={2} aria-hidden className={cx("shrink-0", colour)} />
            <span className={cx("truncate", phase.state === "queued" ? "text-faint" : "text-text")}>
              {texts.phases[phase.phase]}
            </span>
            <span className="sr-only">, {texts.phaseStates[phase.state]}</span>
            <span className="ms-auto whitespace-nowrap text-meta text-faint">{counter(phase)}</span>
          </li>
        );
      })}
    </ol>
  );
}

function counter({ phase, done, total, unit: counted, state }: PhaseStatus): string {
  const unit = counted === "files" && state === "done" ? (texts.goesThrough[phase] ?? counted) : counted;
  if (state === "queued" || done === null || (done === 0 && !total)) return "";
  const show = (value: number) => (unit === "bytes" ? formatBytes(value) : formatCount(value));
  if (total !== null && total > done) return `${show(done)}/${show(total)}${unit && unit !== "bytes" ? ` ${unit}` : ""}`;
  return unit && unit !== "bytes" ? formatFact(`${done} ${unit}`) : show(done);
}
