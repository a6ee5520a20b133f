/** Reading again what an event may have changed. */
import type { Query, QueryClient, QueryFilters } from "@tanstack/react-query";

/** What is read once more already when its first answer has come, however many events ask for it. */
const waiting = new WeakSet<Query>();

/**
 * Has everything that matches read again. What is being read for the first time just now is read once more when it has
 * come or failed: the cache itself would leave it at that answer, which may be older than the event.
 */
export function renew(cache: QueryClient, filters: QueryFilters = {}): Promise<void> {
  const first = cache
    .getQueryCache()
    .findAll(filters)
    .filter((query) => query.state.data === undefined && query.state.fetchStatus === "fetching" && !waiting.has(query));
  const done = cache.invalidateQueries(filters);
  for (const query of first) {
    const again = () => {
      waiting.delete(query);
      void cache.invalidateQueries({ queryKey: query.queryKey, exact: true });
    };
    waiting.add(query);
    query.promise?.then(again, again);
  }
  return done;
}
