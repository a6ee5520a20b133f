import { formatCount } from "@/lib/count";

export const repos = {
  title: "Repositories",
  what: "repositories",
  add: "Add repository",
  empty: "No repositories yet. Connect one by its folder or its Git address.",
  emptyViewer: "No repositories yet. Admins and members can connect one.",
  columns: {
    grade: "Grade",
    name: "Name",
    languages: "Languages",
    findings: "Findings",
    dependencies: "Vulnerable",
    insights: "Insights",
    analysed: "Analysed",
  },
  /** Findings beside the counted ones. */
  inTests: (count: number) => `+ ${formatCount(count)} in tests`,
  never: "Not analysed yet",
  running: (percent: number) => `Analysing, ${percent} %`,
  queued: (ahead: number | null | undefined) => (ahead ? `Waiting, ${formatCount(ahead)} before it` : "Waiting for a worker"),
  failed: "Last run failed",
  ofDependencies: (vulnerable: number, all: number) => `${formatCount(vulnerable)} of ${formatCount(all)}`,
  mirrorAge: "“Vulnerable” counts what the imported advisories know. Newest of each:",
  notChecked: "could not check",
};
