/** What the workspace decided for all its pages. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, body, queryClient } from "./client";
import type { WorkspaceSettings } from "./types";

export const settingsQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["w", workspace, "settings"],
    queryFn: ({ signal }) =>
      answer<WorkspaceSettings>(api.GET("/api/v1/w/{workspace}/settings", { params: { path: { workspace } }, signal })),
  });

export const setSettings = (workspace: string) =>
  mutationOptions({
    mutationFn: (change: { name_people: boolean }) =>
      body(api.PUT("/api/v1/w/{workspace}/settings", { params: { path: { workspace } }, body: change })),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: settingsQuery(workspace).queryKey }),
        // Names stand on these pages.
        queryClient.invalidateQueries({ queryKey: ["w", workspace, "repo"], predicate: (query) => query.queryKey[4] === "hotspots" }),
      ]),
  });
