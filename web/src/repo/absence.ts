/** Who is missed where: what is lost of each folder while some people are away. */
import type { Hotspots } from "@/api/types";

type Ownership = Hotspots["ownership"][number];
type Share = Ownership["shares"][number];

/** From this share on, in percent, those who stay know the smaller part of a folder. */
export const MISSED = 50;

/** A folder without some of its people. */
export interface Absence {
  row: Ownership;
  /** Share of its changes that those made who are away, in percent. Only the largest shares are known. */
  lost: number;
  /** Who of those who stay changed most of it; nothing where nobody else did, or nobody is known. */
  next: Share | undefined;
}

/** The folders in their order, each without the people of these names. Two people of one name are away together. */
export function without(found: Pick<Hotspots, "ownership" | "people">, away: readonly string[]): Absence[] {
  const names = new Set(away);
  const gone = (share: Share) => names.has(found.people[share.person]?.name ?? "");
  return found.ownership.map((row) => ({
    row,
    lost: row.shares.filter(gone).reduce((sum, share) => sum + share.percent, 0),
    next: row.shares.find((share) => !gone(share)),
  }));
}

/** The folders of which those who stay know the smaller part. */
export const missed = (folders: readonly Absence[]): Absence[] => folders.filter((each) => each.lost > MISSED);
