import type { Analysis } from "@/api/types";
import { formatBytes, formatFact, formatTook, shortCommit } from "@/lib/format";
import { formatCount } from "@/lib/count";
import { progress } from "@/texts/progress";
import { run as texts } from "@/texts/run";

/** A line of the log: the milliseconds since the run was asked for, where they are known, and what happened. */
export interface LogEntry {
  at: number | null;
  what: string;
  tone?: "critical" | "ok";
}

/** What is known of a run, in the order in which it happened. */
export function entriesOf(analysis: Analysis): LogEntry[] {
  const begun = Date.parse(analysis.created_at);
  const since = (instant: string | null) => (instant === null ? null : Date.parse(instant) - begun);
  const entries: LogEntry[] = [{ at: 0, what: texts.log.asked }];
  const started = since(analysis.started_at);
  if (started !== null) entries.push({ at: started, what: texts.log.started });
  // Phases say how long they took: each ends where the one before it ended and that much later.
  let end = started;
  for (const phase of analysis.phases) {
    const name = progress.phases[phase.phase];
    if (phase.state === "queued") continue;
    if (phase.state === "skipped") {
      entries.push({ at: null, what: texts.log.notReached(name) });
      continue;
    }
    const count = phase.done === null || phase.done === 0 ? "" : phase.unit === "bytes" ? formatBytes(phase.done) : formatFact(`${phase.done} ${phase.unit ?? ""}`.trim());
    const of = phase.total !== null && phase.done !== null && phase.total > phase.done && phase.unit !== "bytes" ? texts.log.of(formatCount(phase.total)) : "";
    if (phase.state === "running") {
      entries.push({ at: end, what: [texts.log.running(name), `${count}${of}`].filter(Boolean).join(" · ") });
      continue;
    }
    end = end === null || phase.took_ms === null ? null : end + phase.took_ms;
    const failed = phase.state === "failed";
    const said = [
      failed ? texts.log.failed(name) : texts.log.done(name, phase.took_ms === null ? null : formatTook(phase.took_ms)),
      count && `${count}${of}`,
      ...phase.facts.map(formatFact),
    ];
    // A count may be a fact as well.
    entries.push({ at: end, what: [...new Set(said.filter(Boolean))].join(" · "), ...(failed ? { tone: "critical" as const } : {}) });
  }
  const finished = since(analysis.finished_at);
  if (finished !== null) {
    if (analysis.state === "failed") entries.push({ at: finished, what: texts.log.ended(analysis.failure?.detail ?? ""), tone: "critical" });
    else if (analysis.state === "cancelled") entries.push({ at: finished, what: texts.cancelled });
    else entries.push({ at: finished, what: texts.log.finished(analysis.commit ? shortCommit(analysis.commit) : ""), tone: "ok" });
  }
  return entries;
}

/** "+1.4 s" since the run was asked for. */
export const offsetText = (at: number | null): string => (at === null ? "" : at <= 0 ? "0" : `+${formatTook(at)}`);
