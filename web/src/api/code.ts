/** The files of an analysed commit. */
import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import { repoKey } from "./queries";
import type { Blame, CommitChanges, SourceFolder, SourceLines } from "./types";

/** What a commit holds stays as it is; only "the newest" moves, and a finished analysis renews that. */
const STALE_MS = 300_000;

/** Which commit: nothing is the one that was analysed last. */
export type At = string | undefined;

const at = (commit: At) => (commit === undefined ? {} : { commit });

export const folderQuery = (workspace: string, repo: string, commit: At, path: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "tree", commit, path],
    queryFn: ({ signal }) =>
      answer<SourceFolder>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/tree", {
          params: { path: { workspace, repo }, query: { path, ...at(commit) } },
          signal,
        }),
      ),
    staleTime: STALE_MS,
  });

/** Analysed files anywhere, by a part of their path. */
export const filesQuery = (workspace: string, repo: string, text: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "tree", "files", text],
    queryFn: ({ signal }) =>
      answer<SourceFolder>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/tree", { params: { path: { workspace, repo }, query: { q: text } }, signal }),
      ),
    staleTime: STALE_MS,
  });

export const linesQuery = (workspace: string, repo: string, commit: At, path: string, start: number, end: number) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "source", commit, path, start, end],
    queryFn: ({ signal }) =>
      answer<SourceLines>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/source", {
          params: { path: { workspace, repo }, query: { path, start, end, ...at(commit) } },
          signal,
        }),
      ),
    staleTime: STALE_MS,
  });

export const blameQuery = (workspace: string, repo: string, commit: At, path: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "blame", commit, path],
    queryFn: ({ signal }) =>
      answer<Blame>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/blame", {
          params: { path: { workspace, repo }, query: { path, ...at(commit) } },
          signal,
        }),
      ),
    staleTime: STALE_MS,
  });

/** One commit and the files it changed. It never changes itself, but it may fall out of what is kept. */
export const commitQuery = (workspace: string, repo: string, commit: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "commit", commit],
    queryFn: ({ signal }) =>
      answer<CommitChanges>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/commits/{commit}", { params: { path: { workspace, repo, commit } }, signal }),
      ),
    staleTime: STALE_MS,
  });
