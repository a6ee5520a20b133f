import { formatCount, plural } from "@/lib/count";

export const history = {
  title: "History",
  what: "analyses",
  columns: { when: "When", state: "State", commit: "Commit", grade: "Grade", score: "Score", findings: "Findings", vulnerable: "Vulnerable", took: "Took" },
  change: (points: number) => (points === 0 ? "as before" : points > 0 ? `${points} higher` : `${-points} lower`),
  breaks: { rules: "rules changed", branch: "another branch" },
  newest: (count: number) => `These are the newest ${formatCount(count)} runs. Older ones are not listed, and copies and downloads hold only these.`,
  one: "One analysis so far. The trend starts with the second.",
  empty: "No analysis yet.",
  trend: "Score over the runs",
  trendNote: "0 to 100; a dashed line where the rules or the branch changed",
  trendLabel: (runs: number, first: number, last: number) =>
    `Score of ${plural(runs, "run", "runs")}, from ${first} at first to ${last} at last. The table below has every one.`,
  pointAt: (moment: string, grade: string | null, score: number) => `${moment}: ${grade ? `${grade} ` : ""}${score}`,
  compare: "Compare two analyses",
  states: { queued: "Waiting", running: "Running", done: "Done", failed: "Failed", cancelled: "Cancelled" } as Record<string, string>,
};
