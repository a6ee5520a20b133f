import { plural } from "@/lib/count";

import { comparePage } from "./compare-page";

/** Two analyses beside each other. */
export const compare = {
  ...comparePage,
  back: "History",
  base: "Before",
  head: "After",
  swap: "Swap",
  one: "There is one kept report so far. The comparison starts with the second.",
  oldest: "This is the oldest kept report: there is none before it to compare with. Choose another one.",
  choose: "Choose a report",
  same: "These are the same analysis.",
  unmeasured: "not measured",
  points: (change: number) => (change === 0 ? "as before" : change > 0 ? `${change} higher` : `${-change} lower`),
  lists: { new: "New findings", gone: "Gone findings", unchanged: "Unchanged findings" },
  none: { new: "No finding is new.", gone: "No finding went away.", unchanged: "No finding is in both." },
  shown: (shown: number, total: number) => `The first ${shown} of ${total}, the worst first.`,
  moved: (count: number) => `${plural(count, "of them is", "of them are")} in a file that was renamed`,
  reopened: (count: number) => `${plural(count, "of them was", "of them were")} suppressed before`,
  suppressed: (count: number) => `${plural(count, "finding is", "findings are")} suppressed now`,
  notCompared: (count: number) => `${plural(count, "finding", "findings")} could not be compared: one side did not look`,
  partsTitle: "Parts of the grade",
  columns: { severity: "Severity", finding: "Finding", part: "Part", before: "Lost before", after: "Lost after", change: "Change", measured: "Measured" },
  lostMore: (points: string) => `${points} more lost`,
  lostLess: (points: string) => `${points} less lost`,
  dependencies: "Dependencies",
  dependenciesNone: "No version in use changed.",
  dependencyColumns: { name: "Package", change: "Change", before: "Before", after: "After" },
  changes: { added: "Added", removed: "Removed", raised: "Raised", lowered: "Lowered", changed: "Changed" } as Record<string, string>,
  direct: "direct",
  inTest: "Test code",
};
