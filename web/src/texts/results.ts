import { plural } from "@/lib/count";

export const results = {
  title: "Results",
  lead: (count: number) => `${plural(count, "repository", "repositories")} analysed`,
  insights: "What to do first",
  quickWins: "Quick wins",
  quickWinsHint: "At most half an hour each, and the check runs by itself.",
  notMeasured: "What was not measured",
  finish: "Go to repositories",
  open: (name: string) => `Open ${name}`,
  nothing: "There are no results yet.",
  suggested: "Suggested tasks",
};
