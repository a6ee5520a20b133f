/**
 * Every read that more than one page needs: its place in the cache and its request. The long lists of a report are in
 * `report.ts`. Screens never build a request of their own.
 */
import { queryOptions, replaceEqualDeep } from "@tanstack/react-query";

import { notBehind } from "@/live/progress";

import { type Answer, answer, api, body, type Listing, listing } from "./client";
import { orFewer } from "./fewer";
import type { AdvisoryStatus, Analysis, AnalysisDetail, Behind, LocalPathList, Overview, Repo, ServerInfo, Session, Task } from "./types";

/** How a query takes an answer: held against what it knows, and what did not change stays the same object. */
const sharing =
  <T>(hold: (known: T, read: T) => T) =>
  (known: unknown, read: unknown): unknown =>
    known ? replaceEqualDeep(known, hold(known as T, read as T)) : read;

/** A repository whose running analysis is not behind what the screen shows of it. */
const inStep = (known: Repo | undefined, read: Repo): Repo =>
  read.running ? { ...read, running: notBehind(known?.running, read.running) } : read;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => answer<Session>(api.GET("/api/v1/session", { signal })),
  staleTime: Infinity,
});

/** The session as a member of one workspace: their role and what they may do there. */
export const sessionIn = (workspace: string) =>
  queryOptions({
    ...sessionQuery,
    queryKey: [...sessionQuery.queryKey, workspace],
    queryFn: ({ signal }) => answer<Session>(api.GET("/api/v1/session", { params: { query: { workspace } }, signal })),
  });

export const serverQuery = queryOptions({
  queryKey: ["server"],
  queryFn: ({ signal }) => answer<ServerInfo>(api.GET("/api/v1/server", { signal })),
});

export const documentQuery = queryOptions({
  queryKey: ["openapi"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/openapi.json", { signal })),
  staleTime: Infinity,
});

export const reposQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["w", workspace, "repos"],
    queryFn: ({ signal }) =>
      listing<Repo>(api.GET("/api/v1/w/{workspace}/repos", { params: { path: { workspace } }, signal })),
    structuralSharing: sharing<Listing<Repo>>((known, read) => ({
      ...read,
      items: read.items.map((repo) => inStep(known.items.find((each) => each.id === repo.id), repo)),
    })),
  });

export const localPathsQuery = (workspace: string, prefix: string) =>
  queryOptions({
    queryKey: ["w", workspace, "local-paths", prefix],
    queryFn: ({ signal }) =>
      answer<LocalPathList>(api.GET("/api/v1/w/{workspace}/local-paths", { params: { path: { workspace }, query: { prefix } }, signal })),
    staleTime: 10_000,
  });

export const advisoriesQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["w", workspace, "advisories"],
    queryFn: ({ signal }) =>
      answer<AdvisoryStatus>(api.GET("/api/v1/w/{workspace}/advisories", { params: { path: { workspace } }, signal })),
  });

export const analysisQuery = (workspace: string, id: string) =>
  queryOptions({
    queryKey: ["w", workspace, "analysis", id],
    queryFn: ({ signal }) =>
      answer<AnalysisDetail>(api.GET("/api/v1/w/{workspace}/analyses/{id}", { params: { path: { workspace, id } }, signal })),
    structuralSharing: sharing<Answer<AnalysisDetail>>((known, read) => ({
      ...read,
      data: { ...read.data, analysis: notBehind(known.data.analysis, read.data.analysis) },
    })),
  });

/** Where everything about a workspace's people lives. */
export const peopleKey = (workspace: string) => ["w", workspace, "people"] as const;

/** Everything about one repository lives below this key, so that a finished analysis renews it at once. */
export const repoKey = (workspace: string, repo: string) => ["w", workspace, "repo", repo] as const;

export const repoQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "self"],
    queryFn: ({ signal }) =>
      answer<Repo>(api.GET("/api/v1/w/{workspace}/repos/{repo}", { params: { path: { workspace, repo } }, signal })),
    structuralSharing: sharing<Answer<Repo>>((known, read) => ({ ...read, data: inStep(known.data, read.data) })),
  });

/** How far a repository has moved on since its report. Asking keeps the server watching for two and a half minutes. */
export const behindQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "behind"],
    queryFn: ({ signal }) =>
      answer<Behind>(api.GET("/api/v1/w/{workspace}/repos/{repo}/behind", { params: { path: { workspace, repo } }, signal })),
    refetchInterval: 120_000,
  });

export const analysesQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "analyses"],
    queryFn: ({ signal }) =>
      listing<Analysis>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/analyses", {
          params: { path: { workspace, repo } },
          signal,
        }),
      ),
  });

export const overviewQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "report"],
    queryFn: ({ signal }) =>
      answer<Overview>(api.GET("/api/v1/w/{workspace}/repos/{repo}/report", { params: { path: { workspace, repo } }, signal })),
  });

/** Every insight: a task or a reader may come back to one that is closed or was put away. */
export const insightsQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "insights"],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/insights", {
          params: { path: { workspace, repo }, query: { state: "all" } },
          signal,
        }),
      ),
  });

export const tasksQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["w", workspace, "tasks"],
    queryFn: ({ signal }) =>
      orFewer(500, (limit) =>
        listing<Task>(api.GET("/api/v1/w/{workspace}/tasks", { params: { path: { workspace }, query: { limit } }, signal })),
      ),
  });
