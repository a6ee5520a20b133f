/** What was learned: lists, and what is recalled. Changes are in `mutations/memories.ts`. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, body } from "./client";
import { memoriesKey } from "./memory-lists";
import type { Memory, MemoryKind, MemoryState, Session } from "./types";

/** Whether somebody may save memories: everybody but those who only read. */
export const mayRemember = ({ role }: Session): boolean => role !== "viewer";

/** Which memories are listed. */
export interface MemoryFilters {
  kind?: MemoryKind | undefined;
  state?: MemoryState | undefined;
  tag?: string | undefined;
  scope?: "private" | undefined;
}

/** Leaves out what is not set. */
const given = <T extends object>(query: T) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== "")) as { [K in keyof T]?: NonNullable<T[K]> };

export const memoriesQuery = (workspace: string, filters: MemoryFilters) =>
  infiniteQueryOptions({
    queryKey: [...memoriesKey(workspace), "list", given(filters)],
    queryFn: ({ signal, pageParam }) =>
      body(api.GET("/api/v1/w/{workspace}/memories", { params: { path: { workspace }, query: given({ ...filters, cursor: pageParam }) }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const memoryQuery = (workspace: string, memory: string) =>
  queryOptions({
    queryKey: [...memoriesKey(workspace), "one", memory],
    queryFn: ({ signal }) => answer<Memory>(api.GET("/api/v1/w/{workspace}/memories/{memory}", { params: { path: { workspace, memory } }, signal })),
  });

/** How many memories a search gives at most. */
const RECALLED = 20;

/** What helps with a question, the best first, each with its reasons. */
export const recallQuery = (workspace: string, text: string, { kind, tag }: MemoryFilters) =>
  queryOptions({
    queryKey: [...memoriesKey(workspace), "recall", text, given({ kind, tag })],
    queryFn: ({ signal }) =>
      body(
        api.POST("/api/v1/w/{workspace}/recall", {
          params: { path: { workspace } },
          body: { text, memories: RECALLED, characters: 100_000, ...(kind ? { kinds: [kind] } : {}), ...(tag ? { tags: [tag] } : {}) },
          signal,
        }),
      ),
  });
