/** The ways in, and what is not there. */
export const entrance = {
  notFoundTitle: "Not found",
  notFound: "There is nothing here, or it is not shared with you.",
  noSuchPage: "This repository has no page at this address.",
  toOverview: "Go to the overview",
  toRepositories: "Go to repositories",
  goBack: "Go back",
  signedOutCommand: "devmentor link",
  entering: "Signing you in",
  enterFailed: "This link cannot be used",
  enterFailedHint:
    "Each link works once and only for a short time. Ask for a new one in a terminal on the server's machine:",
  noToken: "The address holds no link token. Open the whole link that the server printed.",
} as const;
