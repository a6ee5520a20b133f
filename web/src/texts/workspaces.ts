import { plural } from "@/lib/count";

/** Workspaces: making, naming and ending them. */
export const workspaces = {
  what: "your workspaces",
  lead: "Repositories, tasks, memories and people belong to a workspace. What is in one is not seen in another.",
  own: "You are in",
  open: "Open",
  openNamed: (name: string) => `Open ${name}`,
  settingsNamed: (name: string) => `Settings of ${name}`,
  settings: "Settings",
  makeText: "It begins empty, with you as its owner.",
  create: "Make workspace",
  name: "Name",
  nameHint: "The address is made of it and stays, also when the name changes.",
  details: "Details",
  detailsWhat: "the workspace",
  address: "Address",
  since: "Made",
  role: "Your role",
  holds: "Holds",
  held: ({ members, repos, tasks }: { members: number; repos: number; tasks: number }) =>
    [plural(members, "person", "people"), plural(repos, "repository", "repositories"), plural(tasks, "task", "tasks")].join(", "),
  rename: "Save name",
  renamed: "Saved. Everybody in it sees the new name.",
  delete: "Delete workspace",
  deletePanel: "End of the workspace",
  deleteText: "For everybody in it, with all it holds. People keep their accounts and their other workspaces.",
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteLost: ({ members, repos, tasks }: { members: number; repos: number; tasks: number }) =>
    `Removed for good: ${plural(repos, "repository", "repositories")} with every report, ${plural(tasks, "task", "tasks")}, and all memories.` +
    (members > 1 ? ` ${plural(members - 1, "other person loses", "other people lose")} this workspace.` : "") +
    " API tokens for it stop working.",
  exportFirst: "Take along first",
  exportAll: "Tasks, memories and people",
  exportReport: (name: string) => `Report of ${name}`,
  deleteField: (name: string) => `Type ${name} to confirm`,
  deleteConfirm: "Delete workspace",
  deleted: (name: string) => `${name} was deleted.`,
} as const;
