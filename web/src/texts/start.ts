import { plural } from "@/lib/count";

export const start = {
  steps: "Set-up steps",
  step: { source: "Source", progress: "Analyse", results: "Results" },
  skip: "Skip for now",
};

export const source = {
  title: "What should DevMentor look at?",
  lead: "Choose one or more repositories. It reads code and history, runs nothing, and needs no account or key.",
  kinds: "Kind of source",
  local: "This machine",
  localHint: "A folder with a Git repository",
  localAny: "Any folder of this machine",
  localRoots: (roots: string) => `Folders below ${roots}`,
  localOff: "Folders of this machine are not allowed on this server.",
  git: "Git URL",
  gitHint: "https or ssh, cloned by the server",
  pathLabel: "Folder",
  pathPlaceholder: "/home/you/project",
  wholePath: (roots: readonly string[]) =>
    `Type the whole path on the server's machine, beginning with /. Names without it, and ~, are not resolved.${roots[0] ? ` For example ${roots[0]}${roots[0].endsWith("/") ? "" : "/"}project` : ""}`,
  urlLabel: "Git URL",
  urlPlaceholder: "https://example.org/team/project.git",
  add: "Add to list",
  test: "Test connection",
  testing: "Looking",
  repository: "Git repository",
  chosen: "Chosen",
  remove: (name: string) => `Remove ${name}`,
  connected: "already connected",
  analyse: (count: number) => (count === 1 ? "Analyse repository" : `Analyse ${plural(count, "repository", "repositories")}`),
  starting: "Starting",
  history: {
    label: "Search the history for secrets too",
    hint: "Finds credentials that were committed once and are still in every copy. The first search reads what every commit brought, which takes seconds for a small repository and minutes for a large one; later ones read only new commits.",
  },
  noneChosen: "Choose a repository first",
  open: {
    decide: "Choose how to find known vulnerabilities",
    import: "Import a mirror, or say that you go on without",
  },
  advisories: "The question about known vulnerabilities",
  suggestions: "Folders",
  failedSome: "Some repositories could not be connected. The others were started.",
  failedAll: "No repository could be connected.",
  follow: "Follow the others",
};
