import { formatCount, plural } from "@/lib/count";

/** Code hosts: connecting an account, choosing from its repositories, and how a connection does. */
export const hosts = {
  kinds: { github: "GitHub", gitlab: "GitLab", gitea: "Gitea" },
  what: "the connected code hosts",
  connected: "Connected accounts",
  choose: "Choose repositories",
  connectTitle: "Connect an account",
  connectAnother: "Connect another account",
  noneViewer: "No code host is connected. Admins of this workspace can connect one.",
  kind: "Kind of host",
  address: "Address",
  addressHint: { github: "Only for GitHub Enterprise Server.", gitlab: "Only for an instance of your own.", gitea: "Its start page. Forgejo and Codeberg are of this kind too." },
  addressMissing: "Enter the address of the start page, beginning with https://.",
  token: "Token",
  tokenHint: "Stored encrypted, and never shown again.",
  connect: "Connect account",
  scopesTitle: "What the token has to allow, and why",
  makeToken: (host: string) => `Make a token on ${host}`,
  scopes: {
    github: [
      ["repo", "list your repositories, and copy the private ones"],
      ["admin:repo_hook", "be told of pushes, so that reports stay fresh"],
    ],
    gitlab: [
      ["read_api", "list your projects"],
      ["read_repository", "copy the private ones"],
      ["api", "only to be told of pushes: GitLab lets nothing less make a webhook"],
    ],
    gitea: [
      ["read:user", "know whose token it is"],
      ["read:repository", "list your repositories, and copy the private ones"],
      ["write:repository", "only to be told of pushes"],
    ],
  },
  finer: "A fine-grained token works too: Contents and Metadata to read, Webhooks to read and write.",
  state: { working: "Working", token_refused: "Token refused", forbidden: "Not allowed", unreachable: "Unreachable" },
  stateText: {
    token_refused: "The host no longer accepts the token: it has expired or was revoked. Reports stay as they are; nothing newer can be copied until another token is given.",
    forbidden: "The host does not allow something with this token.",
    unreachable: "The host did not answer when it was last asked.",
  },
  login: (login: string, host: string) => `${login} on ${host}`,
  checked: (age: string) => `checked ${age}`,
  empty: "No code host is connected. Connect one to choose from its repositories and to be told of pushes.",
  check: "Check now",
  reconnect: "Reconnect",
  reconnectTitle: (login: string) => `Another token for ${login}`,
  reconnectLead: "It has to be of the same account. Hooks are asked for again.",
  reconnected: "The new token works.",
  works: "The token works.",
  give: "Use this token",
  disconnect: "Disconnect",
  disconnectTitle: (login: string) => `Disconnect ${login}?`,
  disconnectRepos: (count: number) =>
    count === 0
      ? "No repository came through it."
      : `${plural(count, "repository stays", "repositories stay")} here, with reports, findings and insights. Private ones can no longer be copied.`,
  /** `refused`: the host does not let its token take anything away. */
  disconnectHooks: (count: number, refused: boolean) => {
    if (count === 0) return "Its token is deleted.";
    if (!refused) return `${plural(count, "webhook is", "webhooks are")} taken away at the host, and then the token is deleted.`;
    return `${plural(count, "webhook stays", "webhooks stay")} at the host, which does not accept the token: delete ${count === 1 ? "it" : "them"} there, or reconnect first. The token is deleted here.`;
  },
  disconnected: (login: string) => `${login} is disconnected.`,
  scopesHeld: "Token allows",
  scopesUnknown: "the host does not say",
  repositories: "Repositories",
  noRepositories: "none yet",
  pushes: "Pushes",
  pushesOf: (hooks: number, all: number) => (all === 0 ? "no repository yet" : `told for ${formatCount(hooks)} of ${formatCount(all)}`),
  pushesOff: "not told: hosts cannot reach this server until its operator sets server.public_url.",
  connectedSince: "Connected",
  repositoryState: { there: "", renamed: "renamed at the host", gone: "gone at the host", hidden: "no longer visible to this account" },
  noHook: (why: string) => `no webhook: ${why}`,
  show: (count: number) => plural(count, "repository", "repositories"),
  admins: "Admins of this workspace can change this.",
} as const;

/** The page where repositories of a host are chosen. */
export const select = {
  title: "Choose repositories",
  from: (login: string, host: string) => `Those that ${login} may read on ${host}.`,
  what: "the repositories of this host",
  missing: "This account is not connected any more. Choose another source.",
  toSource: "Back to sources",
  search: "Search repositories",
  org: "Owner",
  allOrgs: "All owners",
  columns: { choose: "Choose", name: "Repository", visibility: "Visibility", language: "Language", pushed: "Last push", size: "Size" },
  visibility: { public: "Public", internal: "Internal", private: "Private" },
  archived: "Archived",
  imported: "Already here",
  emptyRepo: "Empty",
  /** `more`: the host has some that were not read yet. */
  total: (count: number, more: boolean) => `${plural(count, "repository", "repositories")}${more ? " so far" : ""}`,
  match: (count: number, all: number, more: boolean) => `${formatCount(count)} of ${plural(all, "repository", "repositories")}${more ? " so far" : ""}`,
  reading: (count: number) => `${formatCount(count)} read so far`,
  readOn: "Read more of them",
  rest: "the rest of the list",
  showAll: "Show all",
  selection: "Selection",
  all: (count: number) => `Select all ${formatCount(count)} matching`,
  none: "Clear the selection",
  filtered: (all: number, more: boolean) =>
    more
      ? `None of the ${formatCount(all)} read so far matches.`
      : "No repository matches. Those that an organisation keeps from outside apps are not listed either.",
  empty: "This account can read no repository. A token may be limited to some, or its organisation may have to approve it.",
  chosen: (count: number) => (count === 0 ? "Nothing chosen yet" : `${plural(count, "repository", "repositories")} chosen`),
  keys: "X chooses the row in focus.",
  size: (bytes: string, unknown: number) =>
    `${bytes} on the host${unknown > 0 ? `, and ${plural(unknown, "one", "more")} whose size it does not tell` : ""}`,
  sizeUnknown: "How large they are, the host does not say.",
  branches: "Branches",
  branch: (path: string) => `Branch of ${path}`,
  remove: (path: string) => `Take ${path} out of the selection`,
  analyse: (count: number) => (count === 1 ? "Analyse repository" : `Analyse ${plural(count, "repository", "repositories")}`),
  starting: "Starting",
  background: (count: number) => `${plural(count, "analysis has", "analyses have")} been started. They show here as they finish.`,
} as const;
