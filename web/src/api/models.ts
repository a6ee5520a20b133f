/** Which language models a workspace asks, and what may be spent. Keys go there and never come back. */
import { mutationOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, body, queryClient } from "./client";
import type { AddModelProvider, ModelSettings, SetModels, UpdateModelProvider } from "./types";

const key = (workspace: string) => ["w", workspace, "models"] as const;

export const modelsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...key(workspace), "settings"],
    queryFn: ({ signal }) => answer<ModelSettings>(api.GET("/api/v1/w/{workspace}/models", { params: { path: { workspace } }, signal })),
  });

/** What was spent in the last 30 days. */
export const modelUseQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...key(workspace), "use"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/w/{workspace}/models/use", { params: { path: { workspace } }, signal })),
  });

const refresh = (workspace: string) => queryClient.invalidateQueries({ queryKey: key(workspace) });

/** Decides whom to ask, in which order, and what may be spent: all of it at once. */
export const setModels = (workspace: string) =>
  mutationOptions({
    mutationFn: (decision: SetModels) => body(api.PUT("/api/v1/w/{workspace}/models", { params: { path: { workspace } }, body: decision })),
    onSuccess: (data) => queryClient.setQueryData(modelsQuery(workspace).queryKey, (old) => (old ? { ...old, data } : old)),
    // Somebody may have decided before: what is true now is read.
    onError: () => void refresh(workspace),
  });

export async function addModelProvider(workspace: string, provider: AddModelProvider): Promise<unknown> {
  const added = await body(api.POST("/api/v1/w/{workspace}/models/providers", { params: { path: { workspace } }, body: provider }));
  void refresh(workspace);
  return added;
}

export async function updateModelProvider(workspace: string, id: string, change: UpdateModelProvider): Promise<unknown> {
  const changed = await body(api.PATCH("/api/v1/w/{workspace}/models/providers/{id}", { params: { path: { workspace, id } }, body: change }));
  void refresh(workspace);
  return changed;
}

export const removeModelProvider = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      body(api.DELETE("/api/v1/w/{workspace}/models/providers/{id}", { params: { path: { workspace, id }, query: { version } } })),
    onSettled: () => void refresh(workspace),
  });

/** Asks a provider for its models. Nothing of anybody is sent. */
export const checkModelProvider = (workspace: string) =>
  mutationOptions({
    mutationFn: (provider: string) => body(api.POST("/api/v1/w/{workspace}/models/check", { params: { path: { workspace }, query: { provider } } })),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: modelsQuery(workspace).queryKey }),
  });
