export const shell = {
  skipContent: "Skip to content",
  skipPanel: "Skip to panel",
  navigation: "Main",
  repositories: "Repositories",
  tasks: "Tasks",
  api: "API",
  addRepository: "Add repository",
  help: "Keyboard shortcuts",
  theme: "Theme",
  themes: { system: "System", light: "Light", dark: "Dark", contrast: "High contrast" },
  account: "Account",
  signOut: "Sign out",
  fold: "Fold the sidebar",
  unfold: "Unfold the sidebar",
  panel: "Details",
  closePanel: "Close details",
  offline: (since: string) => `Offline since ${since}. What is on the screen may be old.`,
  gap: "Refreshed after a gap: some updates were missed while the connection was away.",
  connection: {
    connecting: "Connecting",
    live: "Live",
    slow: "Live, slower",
    reconnecting: (attempt: number) => `Reconnecting (try ${attempt})`,
    stopped: "Not connected",
  },
  pageIs: (name: string) => `${name} page`,
  notFoundTitle: "Not found",
  notFound: "There is nothing here, or it is not shared with you.",
  toRepositories: "Go to repositories",
  goBack: "Go back",
  signedOutTitle: "Open DevMentor with its link",
  signedOut:
    "This server lets you in with a one-time link. It prints a new one when it starts, and whenever you ask for it in a terminal on the same machine:",
  signedOutCommand: "devmentor link",
  entering: "Signing you in",
  enterFailed: "This link cannot be used",
  enterFailedHint:
    "Each link works once and only for a short time. Ask for a new one in a terminal on the server's machine:",
  noToken: "The address holds no link token. Open the whole link that the server printed.",
} as const;

export const shortcuts = {
  title: "Keyboard shortcuts",
  groups: [
    {
      name: "Everywhere",
      keys: [
        ["?", "This list"],
        ["G then R", "Repositories"],
        ["G then T", "Tasks"],
        ["C", "New task"],
        ["/", "Search or filter on this page"],
        ["[", "Fold the sidebar"],
        ["]", "Close details"],
        ["Esc", "Close the topmost thing"],
      ],
    },
    {
      name: "Lists and tables",
      keys: [
        ["J / K", "Next and previous row"],
        ["Enter", "Show details beside the list"],
      ],
    },
    {
      name: "Repository",
      keys: [
        ["1 – 7", "Switch tab"],
        ["R", "Analyse now"],
        ["T", "Table or diagram"],
      ],
    },
    {
      name: "Insight",
      keys: [
        ["M", "Make a task"],
        ["D", "Dismiss"],
      ],
    },
  ],
} as const;
