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
  if (analysis.state !== "queued" && analysis.state !== "running") return analysis;
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
    };
  });
  return {
    ...analysis,
    state: "running",
    phases,
    percent: Math.max(analysis.percent, milestone(phases)),
    facts: merged(analysis.facts, progress.facts ?? []),
  };
}

/** Percent that finished phases stand for. */
const milestone = (phases: readonly PhaseStatus[]): number =>
  Math.max(0, ...phases.filter((each) => each.state === "done").map((each) => each.percent));

/** Facts in the order in which they became known, each once. */
const merged = (known: readonly string[], news: readonly string[]): string[] => [...new Set([...known, ...news])];
