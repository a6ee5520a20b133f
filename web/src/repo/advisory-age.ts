import type { AdvisoryCheck, AdvisoryStatus } from "@/api/types";

import { plural } from "@/lib/count";

/** How much an answer about vulnerabilities is worth by the age of the data, the best first. */
export type AgeLevel = "fresh" | "aging" | "old" | "outdated";

const DAY = 24 * 3600 * 1000;
const MONTH = 30.44 * DAY;

/** The greatest age of each level; what is older is outdated. */
const LIMITS: readonly [AgeLevel, number][] = [
  ["fresh", 7 * DAY],
  ["aging", 30 * DAY],
  ["old", 180 * DAY],
];

/** The data of one ecosystem; without a name, of all that the report compared. */
export interface Knowledge {
  ecosystem: string | null;
  /** Time of the newest record. */
  asOf: string;
}

export function levelOf(asOf: string, now: number): AgeLevel {
  const age = now - Date.parse(asOf);
  return LIMITS.find(([, limit]) => age <= limit)?.[0] ?? "outdated";
}

/** "3 days", "25 months", "5 years"; whole units that have passed. */
export function formatSpan(asOf: string, now: number): string {
  const age = Math.max(0, now - Date.parse(asOf));
  if (age < 60 * DAY) return plural(Math.floor(age / DAY), "day", "days");
  const months = Math.floor(age / MONTH);
  return months < 48 ? plural(months, "month", "months") : plural(Math.floor(months / 12), "year", "years");
}

/**
 * What a report knew about the vulnerabilities of each ecosystem in use, the oldest first; empty when nothing was
 * checked. The report keeps one time, the oldest. Those of the single ecosystems are the mirror's, unless it was
 * imported again after the report was made.
 */
export function knowledgeOf(
  check: AdvisoryCheck,
  analysedAt: string,
  inUse: readonly string[],
  mirror: AdvisoryStatus | undefined,
): { known: Knowledge[]; newer: boolean } {
  if (check.state !== "checked" || !check.as_of) return { known: [], newer: false };
  // An answer from outside is as new as the question, however old the records in it are.
  if (check.source === "online") return { known: [{ ecosystem: null, asOf: analysedAt }], newer: false };
  const sources = mirror?.ecosystems.filter((each) => inUse.includes(each.ecosystem) && each.as_of !== null) ?? [];
  const newer = sources.some((each) => Date.parse(each.imported_at) > Date.parse(analysedAt));
  const known = sources.map((each) => ({ ecosystem: each.ecosystem, asOf: each.as_of ?? "" }));
  if (newer || known.length === 0) return { known: [{ ecosystem: null, asOf: check.as_of }], newer };
  return { known: known.sort((a, b) => Date.parse(a.asOf) - Date.parse(b.asOf)), newer };
}

/** The time that holds for a package of an ecosystem. */
export const asOfFor = (known: readonly Knowledge[], ecosystem: string): string | undefined =>
  known.find((each) => each.ecosystem === ecosystem || each.ecosystem === null)?.asOf;
