/**
 * Every change the app makes. What can be foreseen is on the screen in the same frame; the server's answer replaces
 * it, and a refusal rolls it back.
 */
import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api, body, queryClient } from "./client";
import { advisoriesQuery, insightsQuery, reposQuery, tasksQuery } from "./queries";
import type { AdvisoryMode, Analysis, Insight, Task, TaskStatus } from "./types";

/** Puts a task into every list that shows it. An older version never replaces a newer one. */
export function putTask(cache: QueryClient, workspace: string, task: Task): void {
  cache.setQueryData(tasksQuery(workspace).queryKey, (old) => {
    if (!old) return old;
    const known = old.items.find((each) => each.key === task.key);
    if (known && known.version > task.version) return old;
    const items = known
      ? old.items.map((each) => (each.key === task.key ? task : each))
      : [task, ...old.items];
    return { ...old, items, total: known ? old.total : old.total + 1 };
  });
}

/** Takes a task out of every list. */
export function dropTask(cache: QueryClient, workspace: string, key: string): void {
  cache.setQueryData(tasksQuery(workspace).queryKey, (old) => {
    if (!old) return old;
    const items = old.items.filter((task) => task.key !== key);
    return { ...old, items, total: old.total - (old.items.length - items.length) };
  });
}

/** Puts an insight into the lists that show it. */
export function putInsight(cache: QueryClient, workspace: string, insight: Insight): void {
  cache.setQueryData(insightsQuery(workspace, insight.repo.slug).queryKey, (old) =>
    old ? { ...old, items: old.items.map((each) => (each.id === insight.id ? insight : each)) } : old,
  );
}

export const createTask = (workspace: string) =>
  mutationOptions({
    mutationFn: (title: string) =>
      body(api.POST("/api/v1/w/{workspace}/tasks", { params: { path: { workspace } }, body: { title } })),
    onSuccess: (task) => putTask(queryClient, workspace, task),
  });

export const updateTask = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ task, ...change }: { task: Task; status?: TaskStatus; title?: string }) =>
      body(
        api.PATCH("/api/v1/w/{workspace}/tasks/{key}", {
          params: { path: { workspace, key: task.key } },
          body: { version: task.version, ...change },
        }),
      ),
    onMutate: async ({ task, ...change }) => {
      await queryClient.cancelQueries({ queryKey: tasksQuery(workspace).queryKey });
      putTask(queryClient, workspace, { ...task, ...change });
      return { before: task };
    },
    onSuccess: (task) => putTask(queryClient, workspace, task),
    onError: (_error, _change, context) => {
      if (context) putTask(queryClient, workspace, context.before);
      // A conflict means that this copy is old: read what is true now.
      void queryClient.invalidateQueries({ queryKey: tasksQuery(workspace).queryKey });
    },
  });

export const deleteTask = (workspace: string) =>
  mutationOptions({
    mutationFn: (task: Task) =>
      body(api.DELETE("/api/v1/w/{workspace}/tasks/{key}", { params: { path: { workspace, key: task.key } } })),
    onMutate: async (task) => {
      await queryClient.cancelQueries({ queryKey: tasksQuery(workspace).queryKey });
      const before = queryClient.getQueryData(tasksQuery(workspace).queryKey);
      dropTask(queryClient, workspace, task.key);
      return { before };
    },
    onError: (_error, _task, context) => {
      if (context?.before) queryClient.setQueryData(tasksQuery(workspace).queryKey, context.before);
    },
  });

export const restoreTask = (workspace: string) =>
  mutationOptions({
    mutationFn: (key: string) =>
      body(api.POST("/api/v1/w/{workspace}/tasks/{key}/restore", { params: { path: { workspace, key } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tasksQuery(workspace).queryKey }),
  });

export const makeTask = (workspace: string) =>
  mutationOptions({
    mutationFn: (insight: Insight) =>
      body(
        api.POST("/api/v1/w/{workspace}/insights/{id}/task", { params: { path: { workspace, id: insight.id } } }),
      ),
    onSuccess: (task, insight) => {
      putTask(queryClient, workspace, task);
      putInsight(queryClient, workspace, {
        ...insight,
        task: { key: task.key, title: task.title, status: task.status },
        can: { ...insight.can, make_task: false },
      });
      return queryClient.invalidateQueries({ queryKey: insightsQuery(workspace, insight.repo.slug).queryKey });
    },
  });

export const checkInsight = (workspace: string) =>
  mutationOptions({
    mutationFn: (insight: Insight) =>
      body(
        api.POST("/api/v1/w/{workspace}/insights/{id}/check", { params: { path: { workspace, id: insight.id } } }),
      ),
    onSuccess: (insight) => putInsight(queryClient, workspace, insight),
  });

export const dismissInsight = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ insight, reason }: { insight: Insight; reason: string }) =>
      body(
        api.POST("/api/v1/w/{workspace}/insights/{id}/dismiss", {
          params: { path: { workspace, id: insight.id } },
          body: { reason, version: insight.version },
        }),
      ),
    onSuccess: (insight) => putInsight(queryClient, workspace, insight),
  });

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

export const setAdvisoryMode = (workspace: string) =>
  mutationOptions({
    mutationFn: (mode: AdvisoryMode) =>
      body(api.PUT("/api/v1/w/{workspace}/advisories/mode", { params: { path: { workspace } }, body: { mode } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: advisoriesQuery(workspace).queryKey }),
  });

export const importAdvisories = (workspace: string) =>
  mutationOptions({
    mutationFn: (path: string) =>
      body(api.POST("/api/v1/w/{workspace}/advisories/import", { params: { path: { workspace } }, body: { path } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: advisoriesQuery(workspace).queryKey }),
  });
