/** What Help offers. */
export const help = {
  title: "Help",
  tour: "Take the tour",
  sample: "Sample report",
  api: "API reference",
} as const;
