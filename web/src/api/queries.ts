/** Every read of the app: its place in the cache and its request. Screens never build a request of their own. */
import { infiniteQueryOptions, queryOptions, replaceEqualDeep } from "@tanstack/react-query";

import { notBehind } from "@/live/progress";

import { type Answer, answer, api, body, type Listing, listing } from "./client";
import type { AdvisoryStatus, Analysis, AnalysisDetail, Diagram, Graph, LocalPathList, Overview, Repo, ServerInfo, Session, SourceLines, Task } from "./types";

/** Filters of the findings page, as they stand in the address; lists are separated by commas. */
export interface FindingFilters {
  severity?: string | undefined;
  kind?: string | undefined;
  rule?: string | undefined;
  path?: string | undefined;
  q?: string | undefined;
  state?: string | undefined;
}

/** Filters of the dependencies page. */
export interface DependencyFilters {
  ecosystem?: string | undefined;
  q?: string | undefined;
  direct?: boolean | undefined;
  vulnerable?: boolean | undefined;
}

/** Leaves out what is not set, because an empty parameter is not the same as none. */
function given<T extends object>(query: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const kept = Object.entries(query).filter(([, value]) => value !== undefined && value !== "" && value !== false);
  return Object.fromEntries(kept) as { [K in keyof T]?: NonNullable<T[K]> };
}

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

/** Everything about one repository lives below this key, so that a finished analysis renews it at once. */
const repoKey = (workspace: string, repo: string) => ["w", workspace, "repo", repo] as const;

export const repoQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "self"],
    queryFn: ({ signal }) =>
      answer<Repo>(api.GET("/api/v1/w/{workspace}/repos/{repo}", { params: { path: { workspace, repo } }, signal })),
    structuralSharing: sharing<Answer<Repo>>((known, read) => ({ ...read, data: inStep(known.data, read.data) })),
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

export const graphQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "graph"],
    queryFn: ({ signal }) =>
      answer<Graph>(api.GET("/api/v1/w/{workspace}/repos/{repo}/graph", { params: { path: { workspace, repo } }, signal })),
  });

export const diagramQuery = (workspace: string, repo: string, level: Diagram["level"], focus: string | undefined, format?: "svg" | "mermaid") =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "diagram", level, focus, format],
    queryFn: ({ signal }) =>
      answer<Diagram>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/diagram", {
          params: { path: { workspace, repo }, query: { level, ...(focus === undefined ? {} : { focus }), ...(format ? { format } : {}) } },
          signal,
        }),
      ),
  });

export const hotspotsQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "hotspots"],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/w/{workspace}/repos/{repo}/hotspots", { params: { path: { workspace, repo } }, signal })),
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

export const findingsQuery = (workspace: string, repo: string, filters: FindingFilters) =>
  infiniteQueryOptions({
    queryKey: [...repoKey(workspace, repo), "findings", given(filters)],
    queryFn: ({ signal, pageParam }) =>
      body(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/findings", {
          params: { path: { workspace, repo }, query: given({ ...filters, cursor: pageParam, limit: 100 }) },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const dependenciesQuery = (workspace: string, repo: string, filters: DependencyFilters) =>
  infiniteQueryOptions({
    queryKey: [...repoKey(workspace, repo), "dependencies", given(filters)],
    queryFn: ({ signal, pageParam }) =>
      body(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/dependencies", {
          params: { path: { workspace, repo }, query: given({ ...filters, cursor: pageParam, limit: 100 }) },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const sourceQuery = (workspace: string, repo: string, path: string, start: number, end: number) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "source", path, start, end],
    queryFn: ({ signal }) =>
      answer<SourceLines>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/source", {
          params: { path: { workspace, repo }, query: { path, start, end } },
          signal,
        }),
      ),
    staleTime: 300_000,
  });

export const tasksQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["w", workspace, "tasks"],
    queryFn: ({ signal }) =>
      listing<Task>(api.GET("/api/v1/w/{workspace}/tasks", { params: { path: { workspace }, query: { limit: 500 } }, signal })),
  });
