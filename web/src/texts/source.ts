export const source = {
  what: "the source",
  label: (path: string) => `Source of ${path}`,
  copyPlace: "Copy path and lines",
  truncated: "Long lines or parts of the file were left out.",
  empty: "These lines are not in the analysed commit any more.",
};
