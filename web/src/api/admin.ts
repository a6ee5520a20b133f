/** Running the server: how it is, its background work and its caches. Only its operator gets answers. */
import { infiniteQueryOptions, mutationOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, body, listing, queryClient } from "./client";
import type { Caches, DependencyStatus, Job, JobQueues, JobSituation, RateLimits, SystemHealth } from "./types";

/** How often what changes by itself is read again while somebody looks, in milliseconds. */
const REREAD_MS = 5_000;

export const healthQuery = queryOptions({
  queryKey: ["admin", "health"],
  queryFn: ({ signal }) => answer<SystemHealth>(api.GET("/api/v1/admin/health", { signal })),
  refetchInterval: REREAD_MS,
  staleTime: 0,
});

export const dependenciesQuery = queryOptions({
  queryKey: ["admin", "dependencies"],
  queryFn: ({ signal }) => listing<DependencyStatus>(api.GET("/api/v1/admin/dependencies", { signal })),
  refetchInterval: REREAD_MS,
  staleTime: 0,
});

export const limitsQuery = queryOptions({
  queryKey: ["admin", "limits"],
  queryFn: ({ signal }) => answer<RateLimits>(api.GET("/api/v1/admin/limits", { signal })),
  staleTime: 0,
});

export const queuesQuery = queryOptions({
  queryKey: ["admin", "jobs", "queues"],
  queryFn: ({ signal }) => answer<JobQueues>(api.GET("/api/v1/admin/queues", { signal })),
  refetchInterval: REREAD_MS,
  staleTime: 0,
});

/** Jobs that stand so, the newest first. */
export const jobsQuery = (situation: JobSituation, kind: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["admin", "jobs", situation, kind ?? ""],
    queryFn: ({ signal, pageParam }) =>
      listing<Job>(
        api.GET("/api/v1/admin/jobs", {
          params: { query: { situation, ...(kind ? { kind } : {}), ...(pageParam === "" ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: REREAD_MS,
    staleTime: 0,
  });

export const cachesQuery = queryOptions({
  queryKey: ["admin", "caches"],
  queryFn: ({ signal }) => answer<Caches>(api.GET("/api/v1/admin/caches", { signal })),
  refetchInterval: REREAD_MS,
  staleTime: 0,
});

const jobsChanged = () => queryClient.invalidateQueries({ queryKey: ["admin", "jobs"] });

export const cancelJob = mutationOptions({
  mutationFn: (id: string) => body(api.POST("/api/v1/admin/jobs/{id}/cancel", { params: { path: { id } } })),
  onSettled: jobsChanged,
});

/** Gives a dead letter all its tries again; `alike` takes along those that failed for the same reason. */
export const retryJob = mutationOptions({
  mutationFn: ({ id, alike }: { id: string; alike: boolean }) =>
    body(api.POST("/api/v1/admin/jobs/{id}/retry", { params: { path: { id } }, body: { alike } })),
  onSettled: jobsChanged,
});

export async function discardJob(id: string, note: string): Promise<void> {
  await body(api.POST("/api/v1/admin/jobs/{id}/discard", { params: { path: { id } }, body: { note } }));
  await jobsChanged();
}

/** Forgets what is kept, of one family or of all. */
export const clearCaches = mutationOptions({
  mutationFn: (family: string | undefined) => body(api.POST("/api/v1/admin/caches/clear", { body: family === undefined ? {} : { family } })),
  onSettled: () => queryClient.invalidateQueries({ queryKey: cachesQuery.queryKey }),
});

export const resetDependency = mutationOptions({
  mutationFn: (name: string) => body(api.POST("/api/v1/admin/dependencies/{name}/reset", { params: { path: { name } } })),
  onSettled: () =>
    Promise.all([queryClient.invalidateQueries({ queryKey: dependenciesQuery.queryKey }), queryClient.invalidateQueries({ queryKey: healthQuery.queryKey })]),
});
