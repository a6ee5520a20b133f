import { plural } from "@/lib/count";

/** The settings of a repository. */
export const settings = {
  what: "the settings",
  branch: "Branch",
  branchLabel: "Branch to analyse",
  branchHint: "Empty: the repository\u2019s own default branch. What was found on another branch stays until the next analysis.",
  branchDefault: "the repository\u2019s default",
  save: "Save branch",
  saved: "Saved. The next analysis uses it.",
  analyse: "Analyse now",
  same: "This is the branch that is analysed already",
  history: "Secrets in the history",
  historyLabel: "Search the history for secrets",
  historyHint:
    "The first search reads what every commit brought: seconds for a small repository, minutes for a large one. Later ones read only new commits.",
  historyAlways: "The operator of this server has the history of every repository searched.",
  historyOwn: "A repository may also ask for it itself, in its devmentor.toml.",
  denied: "Members of this workspace can change this.",
  deniedAdmin: "Administrators of this workspace can change this.",
  gate: "Gate and exceptions",
  gateNone: "The repository sets no gate for its own pipeline.",
  gateHint: "Both are written in devmentor.toml at the root of the repository, so that they are reviewed like code:",
  exceptionsNone: "It suppresses no finding.",
  ignored: "What is left out",
  ignoredHint:
    "Vendored and generated files are left out of the grade. The repository names its own in .gitattributes (linguist-vendored, linguist-generated, linguist-documentation).",
  skipped: (count: number) => `${plural(count, "file", "files")} not read or only in part`,
  nothingYet: "Known after the first analysis.",
  people: "People",
  peopleLabel: "Name people where a page tells who changed what",
  peopleHint:
    "For every repository of this workspace. Switched off, pages and the exported report call them Contributor A, B, C. Names are those that commits state; addresses are never shown.",
  remove: "Remove",
  removeHint: "Takes the repository off this server with its reports, findings and insights. The repository itself is not touched.",
  example: `[gate]
fail_on = "high"

[[suppress]]
rule = "go.ssrf"
path = "internal/proxy/**"
reason = "The address comes from our own configuration"
kind = "accepted_risk"
expires = 2027-01-31
`,
};
