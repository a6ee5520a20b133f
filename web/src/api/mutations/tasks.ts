/**
 * Changes of tasks. What can be foreseen is on the screen in the same frame; the server's answer replaces it, and a
 * refusal rolls it back.
 */
import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api, body, queryClient } from "../client";
import { tasksQuery } from "../queries";
import type { Task, TaskStatus } from "../types";

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

export const createTask = (workspace: string) =>
  mutationOptions({
    mutationFn: (title: string) =>
      body(api.POST("/api/v1/w/{workspace}/tasks", { params: { path: { workspace } }, body: { title } })),
    onSuccess: (task) => putTask(queryClient, workspace, task),
  });

export const updateTask = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ task, ...change }: { task: Task; status?: TaskStatus; title?: string; description?: string }) =>
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
      body(api.DELETE("/api/v1/w/{workspace}/tasks/{key}", { params: { path: { workspace, key: task.key }, query: { version: task.version } } })),
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

/** Takes a deletion back; needs the task as the deletion answered it. */
export const restoreTask = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ key, version }: Task) =>
      body(api.POST("/api/v1/w/{workspace}/tasks/{key}/restore", { params: { path: { workspace, key }, query: { version } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tasksQuery(workspace).queryKey }),
  });
