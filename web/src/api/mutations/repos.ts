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

/** Connects a source; `secretsInHistory` has its history searched, and without it one that is connected keeps what it has. */
export const connectRepo = (workspace: string, source: string, secretsInHistory: boolean) =>
  body(
    api.POST("/api/v1/w/{workspace}/repos", {
      params: { path: { workspace } },
      body: { source, ...(secretsInHistory ? { secrets_in_history: true } : {}) },
    }),
  );

/** Changes how a repository is analysed from the next analysis on. The newest state is read again when somebody was faster. */
export const updateRepo = (workspace: string, repo: string) =>
  mutationOptions({
    mutationFn: (change: { version: number; branch?: string; secrets_in_history?: boolean }) =>
      body(api.PATCH("/api/v1/w/{workspace}/repos/{repo}", { params: { path: { workspace, repo } }, body: change })),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["w", workspace, "repo", repo, "self"] }),
        queryClient.invalidateQueries({ queryKey: reposQuery(workspace).queryKey }),
      ]),
  });

export const removeRepo = (workspace: string) =>
  mutationOptions({
    mutationFn: (repo: string) =>
      body(api.DELETE("/api/v1/w/{workspace}/repos/{repo}", { params: { path: { workspace, repo } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: reposQuery(workspace).queryKey }),
  });
