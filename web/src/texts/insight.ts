import { formatCount, plural } from "@/lib/count";

export const insight = {
  what: "insights",
  title: "Insights",
  all: "All insights",
  count: (shown: number) => `${plural(shown, "insight", "insights")}. We show only those we can prove.`,
  none: (done: number) =>
    done === 0
      ? "No insight passed the evidence bar: nothing was proven to come first. The findings and the hotspots show what was measured."
      : `No insight is open. ${done === 1 ? "The only one was" : `All ${formatCount(done)} were`} closed or dismissed.`,
  showDone: "Show closed and dismissed",
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
  restore: "Bring back",
  restored: "Insight brought back",
  restoredClosed: "Brought back, and closed: its check passes by now",
  notRun: "Not run since it was found",
  madeTask: (key: string) => `Task ${key} created`,
  checkPassed: "Check passed",
  checkFailed: "Check not passed yet",
  checkUnknown: "Could not be checked",
  closed: "Closed: its check passed",
  dismissedState: "Dismissed",
  open: "Open",
  done: "Closed and dismissed",
  rank: (rank: number) => `Number ${rank}`,
};
