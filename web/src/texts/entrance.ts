/** The ways in, and what is not there. */
export const entrance = {
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
