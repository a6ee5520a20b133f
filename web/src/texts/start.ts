export const start = {
  steps: "Set-up steps",
  step: { source: "Source", select: "Choose", progress: "Analyse", results: "Results" },
  skip: "Skip for now",
};

export const source = {
  title: "What should DevMentor look at?",
  lead: "Choose one or more repositories. It reads code and history, and runs nothing. Only a code host needs a token.",
  kinds: "Kind of source",
  local: "This machine",
  localHint: "A folder with a Git repository",
  localAny: "Any folder of this machine",
  localRoots: (roots: string) => `Folders below ${roots}`,
  localOff: "Folders of this machine are not allowed on this server.",
  git: "Git URL",
  gitHint: "https or ssh, cloned by the server",
  select: "Choose repositories",
  host: "Code host",
  hostHint: "GitHub, GitLab, Gitea or Forgejo, by a token",
  noneChosen: "Choose a repository first",
  open: {
    decide: "Choose how to find known vulnerabilities",
    import: "Import a mirror, or say that you go on without",
  },
  advisories: "The question about known vulnerabilities",
};
