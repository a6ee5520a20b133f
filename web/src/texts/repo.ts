import { formatCount, plural } from "@/lib/format";

export const repo = {
  tabsLabel: "Repository pages",
  tabs: {
    overview: "Overview",
    insights: "Insights",
    findings: "Findings",
    dependencies: "Dependencies",
    architecture: "Architecture",
    hotspots: "Hotspots",
    history: "History",
  },
  analyse: "Analyse now",
  running: "Analysis running",
  reading: "Reads code and history; runs nothing.",
  export: "Export",
  exports: { json: "Report (JSON)", sarif: "Findings (SARIF)", cdx: "Dependencies (CycloneDX)" },
  remove: "Remove repository…",
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText: (runs: number) =>
    `Removes its reports, findings and insights (${plural(runs, "analysis", "analyses")}). The repository itself is not touched. Tasks stay. Type its name to confirm.`,
  removeConfirm: "Remove repository",
  nameField: "Repository name",
  never: "Not analysed yet. Reads code and history; runs nothing.",
  failed: (phase: string) => `The last run failed${phase}. The report below is from the run before it.`,
  failedFirst: "The last run failed. There is no report yet.",
  seeRun: "See the run",
  notFound: "This repository",
  report: "the report",
};

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
  never: "Not analysed yet",
  running: (percent: number) => `Analysing, ${percent} %`,
  queued: "Waiting for a worker",
  failed: "Last run failed",
  ofDependencies: (vulnerable: number, all: number) => `${formatCount(vulnerable)} of ${formatCount(all)}`,
  notChecked: "could not check",
};

export const source = {
  what: "the source",
  label: (path: string) => `Source of ${path}`,
  copyPlace: "Copy path and lines",
  truncated: "Long lines or parts of the file were left out.",
  empty: "These lines are not in the analysed commit any more.",
};

export const insight = {
  what: "insights",
  count: (shown: number) =>
    shown === 0
      ? "No insight passed the evidence bar."
      : `${plural(shown, "insight", "insights")}. We show only those we can prove.`,
  effort: "Effort",
  check: "Check",
  evidence: "Evidence",
  quickWin: "Quick win",
  makeTask: "Make task",
  runCheck: "Run check",
  dismiss: "Dismiss…",
  dismissTitle: "Dismiss this insight?",
  dismissReason: "Why it does not help here",
  dismissHint: "The reason is kept for people who wonder later.",
  dismissConfirm: "Dismiss insight",
  dismissed: "Insight dismissed",
  notRun: "Not run since it was found",
  madeTask: (key: string) => `Task ${key} created`,
  checkPassed: "Check passed",
  checkFailed: "Check not passed yet",
  checkUnknown: "Could not be checked",
  closed: "Closed: its check passed",
  open: "Open",
  done: "Closed and dismissed",
  rank: (rank: number) => `Number ${rank}`,
};

export const advisories = {
  fixedIn: (version: string) => `Fixed in ${version}`,
  noFix: "No fixed version is known",
  asOf: (day: string, source: string) => `Advisories as of ${day} (${source === "online" ? "online look-up" : "imported mirror"})`,
  compared: (count: number) => `${plural(count, "version", "versions")} compared`,
  uncovered: (names: string) => `Not covered by the data, so not known to be clean: ${names}`,
  unpinned: (count: number) =>
    `${plural(count, "package has", "packages have")} no pinned version, so nothing could be compared`,
  couldNot: "Could not check for known vulnerabilities.",
  decide: "Choose how to look them up",
  stale: "older than 7 days",
};
