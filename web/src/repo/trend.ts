import type { Analysis, Summary } from "@/api/types";

/** A score on the line of the history. */
export interface Point {
  analysis: Analysis;
  score: number;
  /** 0 to 1, from the oldest run to the newest. */
  x: number;
  /** What makes it another measure than the score before: other rules judged, or another branch was read. */
  breaks: "rules" | "branch" | undefined;
}

/** What keeps two scores from being compared. A branch that is not known is not another one. */
export function broken(before: Summary, now: Summary): Point["breaks"] {
  if (before.analyzer !== now.analyzer) return "rules";
  return before.branch !== null && now.branch !== null && before.branch !== now.branch ? "branch" : undefined;
}

/**
 * The scores of the runs, the oldest first, as stretches of neighbours: a run without a score is a gap, and so is a
 * change of the rules or of the branch, because what is judged, or by what, is not what it was before.
 */
export function stretches(runs: readonly Analysis[]): Point[][] {
  const oldestFirst = runs.toReversed();
  const found: Point[][] = [];
  let open: Point[] | undefined;
  let before: Summary | undefined;
  for (const [index, analysis] of oldestFirst.entries()) {
    const { summary } = analysis;
    if (summary?.score == null) {
      open = undefined;
      continue;
    }
    const breaks = before && broken(before, summary);
    before = summary;
    const point = { analysis, score: summary.score, x: oldestFirst.length === 1 ? 0.5 : index / (oldestFirst.length - 1), breaks };
    if (open && !breaks) open.push(point);
    else found.push((open = [point]));
  }
  return found;
}
