export const history = {
  title: "History",
  what: "analyses",
  columns: { when: "When", state: "State", commit: "Commit", grade: "Grade", score: "Score", findings: "Findings", vulnerable: "Vulnerable", took: "Took" },
  change: (points: number) => (points === 0 ? "as before" : points > 0 ? `${points} more` : `${-points} fewer`),
  otherRules: "rules changed",
  one: "One analysis so far. The trend starts with the second.",
  empty: "No analysis yet.",
  states: { queued: "Waiting", running: "Running", done: "Done", failed: "Failed", cancelled: "Cancelled" } as Record<string, string>,
};
