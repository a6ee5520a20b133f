/** Connecting and removing repositories, starting and stopping analyses. */
import { mutationOptions } from "@tanstack/react-query";

import { api, body, queryClient } from "../client";
import { reposQuery } from "../queries";
import type { Analysis } from "../types";

/** Starts an analysis, or joins the one that is running. `fresh` does not accept a stored result. */
export const startAnalysis = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ repo, fresh }: { repo: string; fresh: boolean }): Promise<Analysis> =>
      body(
        api.POST("/api/v1/w/{workspace}/repos/{repo}/analyses", {
          params: { path: { workspace, repo }, query: { fresh } },
        }),
      ),
    onSuccess: (_analysis, { repo }) =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["w", workspace, "repo", repo, "self"] }),
        queryClient.invalidateQueries({ queryKey: ["w", workspace, "repo", repo, "analyses"] }),
        queryClient.invalidateQueries({ queryKey: reposQuery(workspace).queryKey }),
      ]),
  });

export const cancelAnalysis = (workspace: string) =>
  mutationOptions({
    mutationFn: (id: string) =>
      body(api.POST("/api/v1/w/{workspace}/analyses/{id}/cancel", { params: { path: { workspace, id } } })),
    onSuccess: (_analysis, id) => queryClient.invalidateQueries({ queryKey: ["w", workspace, "analysis", id] }),
  });

/** Looks at a source without connecting it. */
export const probeSource = (workspace: string, source: string, signal?: AbortSignal) =>
  body(
    api.POST("/api/v1/w/{workspace}/repos/probe", {
      params: { path: { workspace } },
      body: { source },
      ...(signal ? { signal } : {}),
    }),
  );

export const connectRepo = (workspace: string, source: string) =>
  body(api.POST("/api/v1/w/{workspace}/repos", { params: { path: { workspace } }, body: { source } }));

export const removeRepo = (workspace: string) =>
  mutationOptions({
    mutationFn: (repo: string) =>
      body(api.DELETE("/api/v1/w/{workspace}/repos/{repo}", { params: { path: { workspace, repo } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: reposQuery(workspace).queryKey }),
  });
