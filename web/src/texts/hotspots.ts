import { plural } from "@/lib/format";

export const hotspots = {
  title: "Hotspots",
  what: "hotspots",
  columns: { share: "Share", score: "Score", path: "File", commits: "Commits", fixes: "Fixes", authors: "People", changed: "Lines changed", complexity: "Complexity", code: "Lines" },
  share: (files: number) => `Share: commits times cognitive complexity, of all ${plural(files, "file", "files")} listed.`,
  score: (formula: string) => `Score: ${formula.charAt(0).toLowerCase()}${formula.slice(1)}`,
  basis: (commits: number, days: number) => `${plural(commits, "commit counts", "commits count")} in the ${plural(days, "day", "days")} before the newest commit.`,
  empty: "Too little history for hotspots: they need files that changed more than once and code whose complexity can be read.",
  coupled: "Changes together with",
  coupledIn: (together: number, of: number) => `in ${together} of ${plural(of, "commit", "commits")}`,
  noCoupling: "No other file changes together with it.",
  openCode: "Show source",
};
