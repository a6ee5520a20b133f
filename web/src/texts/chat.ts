/** What a model wrote. */
export const answer = {
  code: "Code",
  copyCode: "Copy code",
  table: "Table",
  taskDone: "Done:",
  taskOpen: "To do:",
};
