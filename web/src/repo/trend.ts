import type { Analysis } from "@/api/types";

/** A score on the line of the history. */
export interface Point {
  analysis: Analysis;
  score: number;
  /** 0 to 1, from the oldest run to the newest. */
  x: number;
  /** Whether other rules judged than those of the score before. */
  otherRules: boolean;
}

/**
 * The scores of the runs, the oldest first, as stretches of neighbours: a run without a score is a gap, and so is a
 * change of the rules, because what it judges by is not comparable with what was before.
 */
export function stretches(runs: readonly Analysis[]): Point[][] {
  const oldestFirst = runs.toReversed();
  const found: Point[][] = [];
  let open: Point[] | undefined;
  let before: string | undefined;
  for (const [index, analysis] of oldestFirst.entries()) {
    const { summary } = analysis;
    if (summary?.score == null) {
      open = undefined;
      continue;
    }
    const otherRules = before !== undefined && before !== summary.analyzer;
    before = summary.analyzer;
    const point = { analysis, score: summary.score, x: oldestFirst.length === 1 ? 0.5 : index / (oldestFirst.length - 1), otherRules };
    if (open && !otherRules) open.push(point);
    else found.push((open = [point]));
  }
  return found;
}
