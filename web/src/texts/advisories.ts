import { plural } from "@/lib/format";

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
