/** The settings of a workspace: the way from one page to the other. */
export const workspaceSettings = {
  navigation: "Workspace settings",
  open: "Workspace settings",
  all: "Workspaces",
  make: "New workspace",
  general: "General",
  team: "Team and roles",
  integrations: "Integrations",
  models: "Models",
  audit: "Audit log",
} as const;
