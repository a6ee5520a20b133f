import { plural } from "@/lib/count";

/** What every long list can do. */
export const lists = {
  /** What waits while a list holds still. */
  updates: (count: number) => plural(count, "update", "updates"),
  /** What came of a list that took too long. */
  cut: (got: string, total: string) => `Got ${got} of ${total} before the time limit.`,
  rest: "Load the rest",
  columns: { title: "Columns", all: "Show all" },
  takeAlong: { title: "Export", csv: "Copy as CSV", json: "Download JSON", copied: (rows: number) => `${plural(rows, "row", "rows")} copied` },
};
