/** What stands behind a figure. */
export const explain = {
  what: "the explanation",
  window: "Window",
  missing: "What is missing",
  nothing: "Nothing is missing that is known of.",
  madeOf: "Made of",
  at: (commit: string) => `at ${commit}`,
};
