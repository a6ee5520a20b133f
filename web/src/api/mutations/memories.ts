/** Changes of memories. What is written waits where nobody answers; everything else needs the server. */
import { mutationOptions } from "@tanstack/react-query";

import { memoryBody, type MemoryFields } from "@/offline/change";
import { rewritten, unsavedMemory } from "@/offline/foresee";
import { send } from "@/offline/send";
import { changes as texts } from "@/texts/changes";

import { api, body, queryClient } from "../client";
import { memoryQuery } from "../memories";
import { inMemories, memoriesKey } from "../memory-lists";
import type { Memory, NewMemory } from "../types";

/** Puts a memory into everything that shows it. An older version never replaces a newer one. */
function put(workspace: string, memory: Memory): void {
  queryClient.setQueriesData({ queryKey: memoriesKey(workspace) }, (old: unknown) =>
    inMemories(old, { id: memory.id, change: (known) => (known.version > memory.version ? known : memory) }),
  );
}

/** Lists and counts are read again: what changed may belong to others of them. */
const refresh = (workspace: string) => queryClient.invalidateQueries({ queryKey: memoriesKey(workspace) });

export const remember = (workspace: string) =>
  mutationOptions({
    mutationFn: (memory: NewMemory) =>
      send<Memory>(
        {
          workspace,
          object: `new-memory:${memory.title}`,
          label: texts.remember(memory.title),
          effect: { kind: "memory.create", memory },
          request: { method: "POST", path: "/api/v1/w/{workspace}/memories", params: { path: { workspace } }, body: { ...memory } },
        },
        (key) => unsavedMemory(memory, key, Date.now()),
      ),
    onSuccess: () => void refresh(workspace),
  });

export const updateMemory = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ memory, fields }: { memory: Memory; fields: MemoryFields }) =>
      send<Memory>(
        {
          workspace,
          object: `memory:${memory.id}`,
          label: texts.memory(memory.title),
          effect: { kind: "memory.update", id: memory.id, fields },
          request: {
            method: "PATCH",
            path: "/api/v1/w/{workspace}/memories/{memory}",
            params: { path: { workspace, memory: memory.id } },
            body: { ...memoryBody(fields), version: memory.version },
          },
        },
        () => rewritten(memory, fields),
      ),
    onSuccess: (memory) => put(workspace, memory),
    onSettled: () => void refresh(workspace),
  });

/** What is said of a memory as it is: it still holds, it is put away, or it is brought back. */
export type Say = "confirm" | "archive" | "restore";

export const sayOfMemory = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ memory: { id: memory, version }, say }: { memory: Pick<Memory, "id" | "version">; say: Say }) => {
      const params = { path: { workspace, memory }, query: { version } };
      if (say === "confirm") return body(api.POST("/api/v1/w/{workspace}/memories/{memory}/confirm", { params }));
      if (say === "archive") return body(api.POST("/api/v1/w/{workspace}/memories/{memory}/archive", { params }));
      return body(api.POST("/api/v1/w/{workspace}/memories/{memory}/restore", { params }));
    },
    onSuccess: (memory) => put(workspace, memory),
    onSettled: () => void refresh(workspace),
  });

/** Saves a memory in the place of another; the answer is the new one. */
export const supersedeMemory = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ memory, by }: { memory: Memory; by: NewMemory }) =>
      body(
        api.POST("/api/v1/w/{workspace}/memories/{memory}/supersede", {
          params: { path: { workspace, memory: memory.id } },
          body: { version: memory.version, memory: by },
        }),
      ),
    onSettled: () => void refresh(workspace),
  });

/** Deletes a memory for good. */
export const forgetMemory = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ id: memory, version }: Pick<Memory, "id" | "version">) =>
      body(api.DELETE("/api/v1/w/{workspace}/memories/{memory}", { params: { path: { workspace, memory }, query: { version } } })),
    onSuccess: (_gone, { id }) => queryClient.removeQueries({ queryKey: memoryQuery(workspace, id).queryKey }),
    onSettled: () => void refresh(workspace),
  });

/** Says that a memory helped. */
export const noteMemoryUse = (workspace: string) =>
  mutationOptions({
    mutationFn: (memory: string) => body(api.POST("/api/v1/w/{workspace}/memories/{memory}/uses", { params: { path: { workspace, memory } } })),
    onSuccess: () => void refresh(workspace),
  });
