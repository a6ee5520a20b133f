/** Workspaces: what one is and holds, making it, naming it, taking it along, ending it. */
import { queryOptions } from "@tanstack/react-query";

import { answer, api, body, type Listing, queryClient } from "./client";
import { peopleKey, sessionQuery } from "./queries";
import { workspacesQuery } from "./tokens";
import type { WorkspaceDetails } from "./types";

/** Rows of one request. */
const PAGE = 500;

export const workspaceQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...peopleKey(workspace), "self"],
    queryFn: ({ signal }) => answer<WorkspaceDetails>(api.GET("/api/v1/w/{workspace}/workspace", { params: { path: { workspace } }, signal })),
    // What it holds changes with everything that is done in it.
    staleTime: 0,
  });

export async function createWorkspace(name: string) {
  const made = await body(api.POST("/api/v1/workspaces", { body: { name } }));
  await queryClient.invalidateQueries({ queryKey: workspacesQuery.queryKey });
  return made;
}

export async function renameWorkspace(workspace: string, name: string, version: number): Promise<void> {
  const data = await body(api.PATCH("/api/v1/w/{workspace}/workspace", { params: { path: { workspace } }, body: { name, version } }));
  queryClient.setQueryData(workspaceQuery(workspace).queryKey, (old) => old && { ...old, data });
  await Promise.all([sessionQuery, workspacesQuery].map(({ queryKey }) => queryClient.invalidateQueries({ queryKey })));
}

/** Ends it for everybody in it. `name` is its name, repeated. */
export const deleteWorkspace = (workspace: string, name: string) =>
  body(api.DELETE("/api/v1/w/{workspace}/workspace", { params: { path: { workspace } }, body: { name } }));

/** What people wrote and decided in a workspace, for a file. Reports of repositories are files of their own. */
export async function exportWorkspace(workspace: string) {
  const path = { workspace };
  const [details, members, repos, tasks, memories] = await Promise.all([
    body(api.GET("/api/v1/w/{workspace}/workspace", { params: { path } })),
    body(api.GET("/api/v1/w/{workspace}/members", { params: { path } })),
    body(api.GET("/api/v1/w/{workspace}/repos", { params: { path } })),
    every((query) => body(api.GET("/api/v1/w/{workspace}/tasks", { params: { path, query } }))),
    every((query) => body(api.GET("/api/v1/w/{workspace}/memories", { params: { path, query } }))),
  ]);
  return { workspace: details.data, members: members.data, repos: repos.items, tasks, memories };
}

/** All rows of a list, page by page. */
async function every<T>(read: (query: { limit: number; cursor?: string }) => Promise<Pick<Listing<T>, "items" | "next">>): Promise<T[]> {
  const rows: T[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Pick<Listing<T>, "items" | "next"> = await read({ limit: PAGE, ...(cursor ? { cursor } : {}) });
    rows.push(...page.items);
    cursor = page.next;
  }
  return rows;
}
