/** Reading again what an event may have changed. */
import type { QueryClient, QueryFilters } from "@tanstack/react-query";

/**
 * Has everything that matches read again. What is being read for the first time just now is read once more when it has
 * come: the cache itself would leave it at that answer, which may be older than the event.
 */
export function renew(cache: QueryClient, filters: QueryFilters = {}): void {
  const first = cache
    .getQueryCache()
    .findAll(filters)
    .filter(({ state }) => state.data === undefined && state.fetchStatus === "fetching");
  void cache.invalidateQueries(filters);
  for (const { promise, queryKey } of first) {
    promise?.then(
      () => cache.invalidateQueries({ queryKey, exact: true }),
      () => undefined,
    );
  }
}
