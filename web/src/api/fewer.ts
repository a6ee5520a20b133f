import { ProblemError } from "@devmentor/client";

/** Set by this page on a list that had to be asked for in a smaller portion. */
export interface MaybeCut {
  cut?: true;
}

/** The share of a list that is asked for when all of it takes too long. */
const SHARE = 5;

/** Reads a list; when that takes too long, once more and only the beginning of it. */
export async function orFewer<T extends object>(limit: number, read: (limit: number) => Promise<T>): Promise<T & MaybeCut> {
  try {
    return await read(limit);
  } catch (error) {
    if (!(error instanceof ProblemError && error.problem.code === "timeout")) throw error;
    return { ...(await read(Math.ceil(limit / SHARE))), cut: true };
  }
}
