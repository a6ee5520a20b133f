/** Connected accounts on code hosts, and the repositories that they offer. */
import { infiniteQueryOptions, mutationOptions, queryOptions } from "@tanstack/react-query";

import { api, body, type Listing, listing, queryClient } from "./client";
import { hostListKey, offeredKey } from "./hosts-key";
import { reposQuery } from "./queries";
import type { Host, HostKind, OfferedRepository, Repo } from "./types";

export const hostsQuery = (workspace: string) =>
  queryOptions({
    queryKey: hostListKey(workspace),
    queryFn: ({ signal }) => listing<Host>(api.GET("/api/v1/w/{workspace}/hosts", { params: { path: { workspace } }, signal })),
  });

/** The repositories that a host offers, page after page as the host gives them. */
export const offeredQuery = (workspace: string, id: string) =>
  infiniteQueryOptions({
    queryKey: [...offeredKey(workspace), id],
    queryFn: ({ signal, pageParam }) =>
      body(
        api.GET("/api/v1/w/{workspace}/hosts/{id}/repos", {
          params: { path: { workspace, id }, query: pageParam === "" ? {} : { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

/** What a connection is made with. */
export interface NewConnection {
  kind: HostKind;
  /** Its start page; left out for the public instance. */
  address?: string;
  token: string;
}

/** Reads the connected accounts again. What they offer is read again when somebody next comes to see it: the host is asked for that. */
async function renewed(workspace: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: offeredKey(workspace), refetchType: "none" });
  await queryClient.invalidateQueries({ queryKey: hostListKey(workspace) });
}

/** Connects an account. The same one again gets the new token. */
export async function connectHost(workspace: string, connection: NewConnection): Promise<Host> {
  const host = await body(api.POST("/api/v1/w/{workspace}/hosts", { params: { path: { workspace } }, body: connection }));
  await renewed(workspace);
  return host;
}

export async function reconnectHost(workspace: string, id: string, token: string): Promise<Host> {
  const host = await body(api.PUT("/api/v1/w/{workspace}/hosts/{id}/token", { params: { path: { workspace, id } }, body: { token } }));
  await renewed(workspace);
  return host;
}

export const disconnectHost = (workspace: string) =>
  mutationOptions({
    mutationFn: (id: string) => body(api.DELETE("/api/v1/w/{workspace}/hosts/{id}", { params: { path: { workspace, id } } })),
    onSuccess: () => renewed(workspace),
  });

/** Asks the host whether its token still works; the answer takes its place in the list. */
export const checkHost = (workspace: string) =>
  mutationOptions({
    mutationFn: (id: string) => body(api.POST("/api/v1/w/{workspace}/hosts/{id}/check", { params: { path: { workspace, id } } })),
    onSuccess: (host) =>
      queryClient.setQueryData<Listing<Host>>(hostsQuery(workspace).queryKey, (old) =>
        old ? { ...old, items: old.items.map((each) => (each.id === host.id ? host : each)) } : old,
      ),
  });

/** A repository to take over. */
export interface Wanted {
  repo: OfferedRepository;
  /** The branch to analyse; without one, the repository's own. */
  branch?: string;
}

/** The most that the server takes over with one request. */
const AT_ONCE = 200;

/**
 * Takes repositories over, and tells the run of each. Sent again, it does no harm: what is connected already stays as it
 * is.
 */
export const importRepositories = (workspace: string, id: string) =>
  mutationOptions({
    mutationFn: async (wanted: readonly Wanted[]): Promise<string[]> => {
      const ids: string[] = [];
      for (let from = 0; from < wanted.length; from += AT_ONCE) {
        const repositories = wanted
          .slice(from, from + AT_ONCE)
          .map(({ repo, branch }) => (branch ? { path: repo.path, branch } : { path: repo.path }));
        const { items } = await body(
          api.POST("/api/v1/w/{workspace}/hosts/{id}/import", { params: { path: { workspace, id } }, body: { repositories } }),
        );
        ids.push(...items.map((each) => each.repo.id));
      }
      const { items } = await queryClient.fetchQuery({ ...reposQuery(workspace), staleTime: 0 });
      return ids.flatMap((each) => runOf(items.find((repo) => repo.id === each)) ?? []);
    },
    // Nobody waits for this: the runs are what comes next.
    onSettled: () => void renewed(workspace),
  });

/** The newest run of a repository: the one that goes on, or how the last one ended. */
const runOf = (repo: Repo | undefined): string | undefined => repo?.running?.id ?? repo?.last_failure?.id ?? repo?.latest?.analysis;
