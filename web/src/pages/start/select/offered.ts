/** What is chosen from a host, and how much that is. */
import type { UseInfiniteQueryResult } from "@tanstack/react-query";

import type { Wanted } from "@/api/hosts";
import type { OfferedRepository } from "@/api/types";

/** Which repositories are listed. */
export interface OfferFilter {
  /** Text of the path or the description, in any case. */
  text: string;
  /** The owner: the first part of the path; every one where it is empty. */
  org: string;
}

/** The owner of a repository: the first part of its path. */
const ownerOf = ({ path }: OfferedRepository): string => path.split("/", 1)[0] ?? "";

type Reading = Pick<UseInfiniteQueryResult, "error" | "failureReason" | "isFetchingNextPage" | "isFetchNextPageError">;

/** What was read, without the trouble of the page after it, which is told below the list. Why it could not be read anew stays. */
export const readBefore = <T extends Reading>(query: T): T =>
  query.isFetchingNextPage || query.isFetchNextPageError ? { ...query, error: null, failureReason: null } : query;

/** Every owner once, in alphabetical order. */
export const ownersOf = (offered: readonly OfferedRepository[]): string[] => [...new Set(offered.map(ownerOf))].sort((a, b) => a.localeCompare(b));

/** Those that pass the filter, in the order of the list. */
export function matching(offered: readonly OfferedRepository[], { text, org }: OfferFilter): OfferedRepository[] {
  const wanted = text.trim().toLowerCase();
  return offered.filter(
    (each) =>
      (org === "" || ownerOf(each) === org) &&
      (each.path.toLowerCase().includes(wanted) || (each.description ?? "").toLowerCase().includes(wanted)),
  );
}

/** Whether it can be chosen: not when it is here already, and not while it holds nothing. */
export const choosable = ({ connected, default_branch: branch }: OfferedRepository): boolean => connected === null && branch !== null;

/** How much is to be copied: the bytes that the host tells, and for how many it tells none. */
export function amount(wanted: readonly Pick<Wanted, "repo">[]): { bytes: number; unknown: number } {
  return {
    bytes: wanted.reduce((sum, { repo }) => sum + (repo.bytes ?? 0), 0),
    unknown: wanted.filter(({ repo }) => repo.bytes === null).length,
  };
}
