import { plural } from "@/lib/format";

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
  removed: "Repository removed",
  removedText: (name: string) => `${name} was removed from DevMentor with its reports. The repository itself was not touched, and its tasks stay.`,
  nameField: "Repository name",
  never: "Not analysed yet. Reads code and history; runs nothing.",
  failed: (reason: string) => `The last run failed${reason.replace(/\.$/, "")}. The report below is from the run before it.`,
  failedFirst: "The last run failed. There is no report yet.",
  seeRun: "See the run",
  notFound: "This repository",
  report: "the report",
};
