import { formatCount } from "@/lib/count";

export const progress = {
  title: "Analysing",
  done: "Analysis finished",
  elapsed: "Elapsed",
  cancel: "Cancel",
  retry: "Analyse again",
  background: "Continue in background",
  results: "Show results",
  resultsSoFar: "Show results so far",
  nothing: "No analysis is being watched. Choose a source first.",
  choose: "Choose a source",
  phases: {
    fetch: "Files and commits",
    languages: "Languages",
    structure: "Structure and dependencies",
    patterns: "Rules for code",
    security: "Security",
    quality: "Quality and history",
    insights: "Insights",
    save: "Save the results",
  },
  /** What the phases go through, where "files" would leave open which. */
  goesThrough: { structure: "source files", patterns: "source files" } as Partial<Record<string, string>>,
  phaseStates: { queued: "queued", running: "running", done: "done", failed: "failed", skipped: "skipped" },
  /** Where one that waits stands: how many come first is known of it alone. */
  ahead: (count: number) => `Waiting, ${formatCount(count)} before it`,
  states: { queued: "Waiting for a worker", running: "Running", done: "Done", failed: "Failed", cancelled: "Cancelled" },
  phaseDone: (repo: string, phase: string) => `${repo}: ${phase} finished`,
  what: "this analysis",
};
