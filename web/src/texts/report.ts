import { formatCount, plural } from "@/lib/count";

/** The months of the activity end with the newest commit, which need not be today. */
const monthsBack = (months: number): string =>
  months === 0 ? "Month of the newest commit" : `${plural(months, "month", "months")} before the newest commit`;

export const overview = {
  grade: "Quality grade",
  held: "Held back",
  gradeBasis: (score: number, measured: number, all: number) =>
    `${formatCount(score)} of 100 · from ${measured} of ${all} parts`,
  noGrade: "Too little could be measured, so there is no grade.",
  columns: {
    part: "Part",
    measured: "Measured",
    lost: "Lost",
    worst: "Worst places",
  },
  parts: {
    complexity: "Complexity",
    duplication: "Duplication",
    tests: "Test evidence",
    dependencies: "Dependency health",
    security: "Security",
    change_risk: "Change risk",
    documentation: "Documentation",
  } as Record<string, string>,
  ofPoints: (points: string) => `of ${points}`,
  languages: "Languages",
  noLanguages: "No source file counts towards a language.",
  lines: (code: number) => `${plural(code, "line", "lines")} of code`,
  stack: "Tech stack",
  noStack: "No framework or tool was recognised by its files.",
  categories: {
    framework: "Frameworks",
    library: "Libraries",
    build: "Build",
    test: "Tests",
    quality: "Quality",
    data: "Data",
    ci: "CI",
    deploy: "Deployment",
  } as Record<string, string>,
  explain: {
    commits: "Commits that count",
    contributors: "Contributors",
    absence: "People behind more than half of the changes",
    fixes: "Fixes and reverts",
    unchanged: "Unchanged files",
    share: (language: string) => `Share of ${language}`,
  },
  activity: "Activity",
  commits: (count: number, days: number) => `${plural(count, "commit", "commits")} that count in the ${plural(days, "day", "days")} before the newest commit`,
  contributors: (count: number) => plural(count, "contributor", "contributors"),
  halfBy: (people: number) => `more than half of the changes by ${plural(people, "person", "people")}`,
  mended: (fixes: number, reverts: number) =>
    `${plural(fixes, "fix", "fixes")} and ${plural(reverts, "revert", "reverts")} among them, by what the commits say`,
  unchanged: (files: number) => `${plural(files, "source file", "source files")} unchanged in that time`,
  leftOut: (merges: number, bots: number, sweeping: number) =>
    `Left out: ${plural(merges, "merge", "merges")}, ${formatCount(bots)} by bots, ${formatCount(sweeping)} sweeping`,
  shallow: "Older commits were not read.",
  month: (index: number, count: number) => `${monthsBack(11 - index)}: ${plural(count, "commit", "commits")}`,
  coverage: "What was not measured",
  filesRead: (read: number, all: number) => `${formatCount(read)} of ${plural(all, "file", "files")} read`,
  parsed: (count: number) => `syntax read of ${formatCount(count)}; the others are no code, or of a language that is only counted`,
  skipped: (count: number) => `${plural(count, "file", "files")} left out`,
  leftOutFor: (count: number, reason: string) => `${formatCount(count)} ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`,
  leftOutMore: (count: number) => `${formatCount(count)} that are not listed`,
  seeSkipped: "See which and why",
  findings: "Findings",
  dependencies: "Dependencies",
  dependenciesOf: (direct: number) => `${formatCount(direct)} direct`,
  vulnerableCount: (count: number) => `${formatCount(count)} vulnerable`,
  modules: "Modules",
  cycles: (count: number) => plural(count, "import cycle", "import cycles"),
  hotspots: "Hotspots",
};
