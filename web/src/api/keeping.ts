/**
 * What every read passes through. What is read goes into storage; while there is no answer, the page gets what is
 * stored. All of that is loaded when it is needed: a first visit has nothing stored.
 */
import { ProblemError } from "@devmentor/client";
import type { QueryKey, QueryPersister } from "@tanstack/react-query";

/** How long an answer may take until the page shows what is stored, in milliseconds. */
const PATIENCE_MS = 1000;

/** When this page was opened. What was read before that came out of storage. */
export const OPENED = Date.now();

/** Puts what waits for the server on top of what the server says. Set while something waits. */
export const waiting: { put?: ((key: QueryKey, data: unknown) => unknown) | undefined } = {};

/** How often everything stored was forgotten in this page. What was asked for before that is nobody's to keep. */
export const forgotten = { times: 0 };

const storage = () => import("@/offline/kept");

/** Whether nobody answered who could know better: the server is away, or rests. */
export const nobodyAnswered = (error: unknown): boolean =>
  error instanceof ProblemError && [0, 502, 503, 504].includes(error.problem.status);

export const keeping: QueryPersister<unknown, QueryKey, unknown> = async (read, context, query) => {
  const recall = () => storage().then((kept) => kept.recall(query), () => undefined);
  const { times } = forgotten;
  const late = query.state.data === undefined ? setTimeout(recall, PATIENCE_MS) : undefined;
  try {
    const data = await read(context as Parameters<typeof read>[0]);
    void storage().then((kept) => (times === forgotten.times ? kept.keep(query, data) : undefined), () => undefined);
    return waiting.put ? waiting.put(query.queryKey, data) : data;
  } catch (error) {
    if (query.state.data === undefined && nobodyAnswered(error)) await recall();
    throw error;
  } finally {
    clearTimeout(late);
  }
};
