/** Folders that nobody knows who still works on the code. */
import type { Hotspots } from "@/api/types";

type Ownership = Hotspots["ownership"][number];

/** Whoever changed nothing for so many days before the newest change is taken to be gone. */
export const ACTIVE_DAYS = 90;

const DAY_MS = 86_400_000;

/**
 * The folders of which none of the people with the largest shares changed anything lately, anywhere that is listed. What
 * is lately is counted back from the newest change: an old report says the same tomorrow.
 */
export function knownToNobody({ ownership }: Pick<Hotspots, "ownership">): Ownership[] {
  const newest = Math.max(0, ...ownership.map((row) => Date.parse(row.last_change)));
  const last = new Map<number, number>();
  for (const { shares } of ownership) {
    for (const { person, last_change } of shares) last.set(person, Math.max(last.get(person) ?? 0, Date.parse(last_change)));
  }
  const active = (person: number) => newest - (last.get(person) ?? 0) <= ACTIVE_DAYS * DAY_MS;
  return ownership.filter(({ shares }) => shares.length > 0 && !shares.some(({ person }) => active(person)));
}
