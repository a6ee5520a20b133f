/** The settings of a workspace: the way from one page to the other. */
export const workspaceSettings = {
  navigation: "Workspace settings",
  open: "Workspace settings",
  integrations: "Integrations",
} as const;
