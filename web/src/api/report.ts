/** The long lists of a report, each of which is the matter of one page. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, body } from "./client";
import { orFewer } from "./fewer";
import { repoKey } from "./queries";
import type { Compare, Diagram, Explain, Graph, PastSecrets } from "./types";

/** Filters of the findings page, as they stand in the address; lists are separated by commas. */
export interface FindingFilters {
  severity?: string | undefined;
  kind?: string | undefined;
  rule?: string | undefined;
  /** `tests` for tests and examples, `all` for both; shipped code without it. */
  code?: string | undefined;
  folder?: string | undefined;
  language?: string | undefined;
  owner?: string | undefined;
  age?: string | undefined;
  new?: boolean | undefined;
  path?: string | undefined;
  q?: string | undefined;
  state?: string | undefined;
  /** `show` for what the baseline hides. */
  baseline?: string | undefined;
}

/** The filters as the server takes them: what a page shows without a word about it is shipped code. */
export const serverFilter = ({ code = "shipped", ...rest }: FindingFilters) =>
  given({ ...rest, ...(code === "all" ? {} : { code }) });

/** Filters of the dependencies page. */
export interface DependencyFilters {
  ecosystem?: string | undefined;
  q?: string | undefined;
  license?: string | undefined;
  direct?: boolean | undefined;
  vulnerable?: boolean | undefined;
}

/** Leaves out what is not set, because an empty parameter is not the same as none. */
function given<T extends object>(query: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const kept = Object.entries(query).filter(([, value]) => value !== undefined && value !== "" && value !== false);
  return Object.fromEntries(kept) as { [K in keyof T]?: NonNullable<T[K]> };
}

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

/** `window`: days before the analysed commit, one of those that an answer names; without it, the longest. */
export const hotspotsQuery = (workspace: string, repo: string, window?: number) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "hotspots", window],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/hotspots", {
          params: { path: { workspace, repo }, query: window === undefined ? {} : { window } },
          signal,
        }),
      ),
  });

export const pastSecretsQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "past-secrets"],
    queryFn: ({ signal }) =>
      answer<PastSecrets>(api.GET("/api/v1/w/{workspace}/repos/{repo}/past-secrets", { params: { path: { workspace, repo } }, signal })),
  });

/** Which two analyses stand beside each other; without one, the server takes the newest, and the one before it. */
export interface Compared {
  base?: string | undefined;
  head?: string | undefined;
}

export const compareQuery = (workspace: string, repo: string, compared: Compared) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "compare", given(compared)],
    queryFn: ({ signal }) =>
      answer<Compare>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/compare", { params: { path: { workspace, repo }, query: given(compared) }, signal }),
      ),
  });

/** How one figure of a page comes about; `of` names the row where there are several. */
export const explainQuery = (workspace: string, repo: string, figure: string, of: string | undefined) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "explain", figure, of],
    queryFn: ({ signal }) =>
      answer<Explain>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/explain", {
          params: { path: { workspace, repo }, query: { figure, ...(of === undefined ? {} : { of }) } },
          signal,
        }),
      ),
  });

export const findingsQuery = (workspace: string, repo: string, filters: FindingFilters) =>
  infiniteQueryOptions({
    queryKey: [...repoKey(workspace, repo), "findings", given(filters)],
    queryFn: ({ signal, pageParam }) =>
      orFewer(100, (limit) =>
        body(
          api.GET("/api/v1/w/{workspace}/repos/{repo}/findings", {
            params: { path: { workspace, repo }, query: given({ ...serverFilter(filters), cursor: pageParam, limit }) },
            signal,
          }),
        ),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const dependenciesQuery = (workspace: string, repo: string, filters: DependencyFilters) =>
  infiniteQueryOptions({
    queryKey: [...repoKey(workspace, repo), "dependencies", given(filters)],
    queryFn: ({ signal, pageParam }) =>
      orFewer(100, (limit) =>
        body(
          api.GET("/api/v1/w/{workspace}/repos/{repo}/dependencies", {
            params: { path: { workspace, repo }, query: given({ ...filters, cursor: pageParam, limit }) },
            signal,
          }),
        ),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
