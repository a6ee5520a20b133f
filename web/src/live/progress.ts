import type { Analysis, Phase, PhaseStatus } from "@/api/types";

/** A sign of progress, as the live channel brings it. */
export interface Progress {
  analysis: string;
  phase: Phase;
  percent?: number;
  done?: number | null;
  total?: number | null;
  unit?: string | null;
  facts?: string[];
  /** Whether the phase is over. */
  finished?: boolean;
}

/**
 * The analysis after a sign of progress. Nothing on the screen ever goes back: a late or repeated sign changes
 * nothing, and neither does one for an analysis that has ended.
 */
export function advance(analysis: Analysis, progress: Progress): Analysis {
  if (hasEnded(analysis)) return analysis;
  const current = analysis.phases.findIndex((each) => each.phase === progress.phase);
  if (current < 0) return analysis;
  const reached = analysis.phases.findLastIndex((each) => each.state === "running" || each.state === "done");
  if (current < reached) return analysis;
  const phases = analysis.phases.map((each, index): PhaseStatus => {
    if (index < current) return each.state === "done" ? each : { ...each, state: "done" };
    if (index > current || each.state === "done") return each;
    return {
      ...each,
      state: progress.finished ? "done" : "running",
      done: Math.max(each.done ?? 0, progress.done ?? 0) || (progress.done ?? each.done),
      total: progress.total ?? each.total,
      unit: progress.unit ?? each.unit,
      facts: progress.facts?.length ? progress.facts : each.facts,
    };
  });
  return {
    ...analysis,
    state: "running",
    ahead: null,
    phases,
    percent: Math.max(analysis.percent, milestone(phases)),
    facts: merged(analysis.facts, progress.facts ?? []),
  };
}

/**
 * A snapshot that was read, held against what the screen already knows of the same analysis: the live channel may have
 * told of a later phase while the answer was under way.
 */
export function notBehind(known: Analysis | null | undefined, read: Analysis): Analysis {
  if (known?.id !== read.id || hasEnded(read)) return read;
  if (hasEnded(known)) return known;
  if (known.percent <= read.percent) return read;
  return { ...read, state: known.state, ahead: known.ahead, percent: known.percent, phases: known.phases, facts: merged(known.facts, read.facts) };
}

/** An analysis that has ended never runs again: another try is another analysis. */
export const hasEnded = (analysis: Analysis): boolean => analysis.state !== "queued" && analysis.state !== "running";

/** Percent that finished phases stand for. */
const milestone = (phases: readonly PhaseStatus[]): number =>
  Math.max(0, ...phases.filter((each) => each.state === "done").map((each) => each.percent));

/** Facts in the order in which they became known, each once. */
const merged = (known: readonly string[], news: readonly string[]): string[] => [...new Set([...known, ...news])];
