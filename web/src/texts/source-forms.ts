import { plural } from "@/lib/count";

/** What stands in the forms of the first step, and on the list of what was chosen. */
export const forms = {
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
  suggestions: "Folders",
  chosen: "Chosen",
  remove: (name: string) => `Remove ${name}`,
  connected: "already connected",
  analyse: (count: number) => (count === 1 ? "Analyse repository" : `Analyse ${plural(count, "repository", "repositories")}`),
  starting: "Starting",
  failedSome: "Some repositories could not be connected. The others were started.",
  failedAll: "No repository could be connected.",
  follow: "Follow the others",
  history: {
    label: "Search the history for secrets too",
    hint: "Finds credentials that were committed once and are still in every copy. The first search reads what every commit brought, which takes seconds for a small repository and minutes for a large one; later ones read only new commits.",
  },
};
