/** The sample: a small repository that comes with the program. */
export const sample = {
  name: "Sample data",
  bar: ": a small repository that was written to be looked at.",
  own: "Use your own repository",
  place: "Comes with DevMentor",
  card: "Sample",
  cardHint: "A small repository with mistakes on purpose; no network, results in seconds",
  form: "It has TypeScript, Python and Go, 42 commits by three contributors, and mistakes that DevMentor finds.",
  add: "Add the sample to the list",
  adding: "Adding",
} as const;
