/** What has to be known before a page is opened: who is there, and what they may see. */
import { ProblemError } from "@devmentor/client";
import type { FetchQueryOptions, QueryKey } from "@tanstack/react-query";

import { queryClient } from "@/api/client";
import { sessionIn, sessionQuery } from "@/api/queries";

/** How long an address waits for an answer when there is one in storage, in milliseconds. */
const SOON_MS = 1500;

/** What an address cannot do without: as the server says it or, while it does not, as it was stored. */
export async function known<T, K extends QueryKey>(query: FetchQueryOptions<T, Error, T, K> & { queryKey: K }): Promise<T> {
  const before = () => queryClient.getQueryData<T>(query.queryKey);
  const soon = new Promise<T>((resolve) =>
    setTimeout(() => {
      const data = before();
      if (data !== undefined) resolve(data);
    }, SOON_MS),
  );
  try {
    return await Promise.race([queryClient.ensureQueryData(query), soon]);
  } catch (error) {
    const data = before();
    if (data === undefined) throw error;
    return data;
  }
}

/** The session, or nothing when nobody is signed in. Other failures are failures. */
export async function signedIn() {
  try {
    return (await known(sessionQuery)).data;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401) return null;
    throw error;
  }
}

/** Whether a workspace is one's own, or one that somebody let the person into. */
export async function opened(ws: string): Promise<boolean> {
  try {
    return (await known(sessionQuery)).data.workspace.slug === ws || Boolean(await known(sessionIn(ws)));
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return false;
    throw error;
  }
}
