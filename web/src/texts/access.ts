/** What a role does not permit, and asking for it. */
export const access = {
  title: "Your role does not permit this",
  needs: (words: string, role: string) => `To ${words} takes the role ${role} in this workspace.`,
  grantors: (names: readonly string[]) => `${new Intl.ListFormat("en", { type: "disjunction" }).format(names)} can grant it.`,
  ask: "Ask for access",
  askAgain: "Ask again",
  note: "A word to them",
  noteHint: "Up to 500 characters.",
  asked: (age: string) => `Asked ${age}. This page opens by itself when it is granted.`,
  declined: "Your request was declined.",
  granted: "Granted. You can do it now.",
} as const;
