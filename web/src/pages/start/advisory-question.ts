import type { AdvisoryMode, AdvisoryStatus } from "@/api/types";

/** What is still to be done before a report can say anything about known vulnerabilities. */
export type Unanswered = "decide" | "import" | null;

/** A mirror was chosen, but holds nothing. */
export const nothingImported = (status: AdvisoryStatus): boolean => status.ecosystems.every((each) => each.records === 0);

/**
 * Whether the question about vulnerabilities keeps an analysis from starting. Who may not answer it is not kept; who
 * chose a mirror may go on without one, but has to say so.
 */
export function unanswered(status: AdvisoryStatus, mode: AdvisoryMode, without: boolean): Unanswered {
  if (!status.can.set_mode) return null;
  if (mode === "undecided") return "decide";
  return mode === "mirror" && nothingImported(status) && !without ? "import" : null;
}
