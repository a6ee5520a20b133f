/** What the workspace decided for all its pages. */
import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";

import { renew } from "@/live/renew";

import { answer, api, body, queryClient } from "./client";
import type { WorkspaceSettings } from "./types";

export const settingsQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["w", workspace, "settings"],
    queryFn: ({ signal }) =>
      answer<WorkspaceSettings>(api.GET("/api/v1/w/{workspace}/settings", { params: { path: { workspace } }, signal })),
  });

/**
 * Reads again whatever may name people: any page of a repository. What is not on the screen is forgotten at once,
 * so that no name comes back with it even for a moment.
 */
export function renewNames(cache: QueryClient, workspace: string): Promise<void> {
  const queryKey = ["w", workspace, "repo"];
  cache.removeQueries({ queryKey, type: "inactive" });
  return renew(cache, { queryKey });
}

export const setSettings = (workspace: string) =>
  mutationOptions({
    mutationFn: (change: { name_people: boolean }) =>
      body(api.PUT("/api/v1/w/{workspace}/settings", { params: { path: { workspace } }, body: change })),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: settingsQuery(workspace).queryKey }),
        renewNames(queryClient, workspace),
      ]),
  });
