/** What every form says. */
export const form = {
  show: "Show password",
  hide: "Hide password",
  optional: "optional",
  missing: (label: string) => `${label} is missing.`,
  missingCharacters: (count: number) => (count === 1 ? "1 character more is needed." : `${count} characters more are needed.`),
  passwordHint: (least: number) => `At least ${least} characters. A few unrelated words are easy to remember and hard to guess.`,
  longEnough: "Long enough. It is looked up in a list of what others try first when you send it.",
  wait: (time: string) => `Try again in ${time}`,
  tooMany: (time: string) => `Too many tries. Try again in ${time}.`,
  waitOver: "You can try again now.",
  unreachable: "The server did not answer. What you typed was kept.",
  fields: (count: number) => (count === 1 ? "1 field needs a change." : `${count} fields need a change.`),
} as const;
