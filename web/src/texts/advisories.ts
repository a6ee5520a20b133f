import { formatCount, plural } from "@/lib/count";
import { formatDay } from "@/lib/format";

export const advisories = {
  fixedIn: (version: string) => `Fixed in ${version}`,
  noFix: "No fixed version is known",
  none: "none known",
  /** What "none" is worth where some packages could not be compared. */
  noneOf: (compared: number, not: number) => `none known in the ${formatCount(compared)} compared, ${formatCount(not)} could not be compared`,
  vulnerableOf: (vulnerable: number, not: number) => `${formatCount(vulnerable)} vulnerable, ${formatCount(not)} could not be compared`,
  noneBy: (day: string) => `none known by ${formatDay(day)}`,
  noneByNote: "A vulnerability that was published later is not in the data.",
  compared: (count: number) => `${plural(count, "version", "versions")} compared`,
  uncovered: (names: string) => `Not covered by the data, so not known to be clean: ${names}`,
  unpinned: (count: number) =>
    `${plural(count, "package has", "packages have")} no pinned version, so nothing could be compared`,
  couldNot: "Could not check for known vulnerabilities.",
  decide: "Choose how to look them up",
  renew: "Import newer data",
  newer: "Newer advisories were imported after this analysis. Analyse again to use them.",
  /** What the age of the data means, by level. */
  level: {
    fresh: (day: string) => `Advisories as of ${formatDay(day)}.`,
    aging: (day: string, age: string) => `Advisories as of ${formatDay(day)}, ${age} old: what was published since is not in them.`,
    old: (day: string, age: string) => `Advisory data is ${age} old. “None known” means none known by ${formatDay(day)}.`,
    outdated: (day: string, age: string) =>
      `Advisory data is ${age} old (${formatDay(day)}): it cannot rule out known vulnerabilities.`,
  },
  online: (day: string) => `Looked up online on ${formatDay(day)}.`,
  age: (age: string) => `${age} old`,
  all: "All",
  dates: "Newest advisory by ecosystem",
  imported: "Imported advisories",
  gap: (day: string) => `Vulnerabilities published after ${formatDay(day)} were not known to this analysis.`,
};
