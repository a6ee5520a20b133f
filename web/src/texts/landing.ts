/** The page of those who are not signed in. */
export const landing = {
  title: "Point it at your repositories. It shows what to fix first, and proves it.",
  lead: "DevMentor reads code and history and runs nothing of it. Every finding, grade and insight links to the lines and commits it comes from. Nothing leaves this machine unless you switch it on.",
  see: "See a sample report",
  enter: "Open it with its link",
  enterText: "This server lets you in with a one-time link. It prints one when it starts, and a new one whenever you ask in a terminal on the same machine:",
  setUp: "Set up this server",
  way: "The way in",
  wayWhat: "how people get in here",
  signIn: "Sign in",
  signInOpen: "With your account on this server; whoever has none yet can sign up.",
  from: "From the sample",
  first: "What to fix first",
  changes: "Files that change often and are hard to change",
  commits: "commits",
  programs: "API",
  version: (version: string) => `DevMentor ${version} · Apache-2.0`,
} as const;
