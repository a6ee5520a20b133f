/** The settings of a workspace: the way from one page to the other. */
export const workspaceSettings = {
  navigation: "Workspace settings",
  open: "Workspace settings",
  team: "Team and roles",
  integrations: "Integrations",
} as const;
