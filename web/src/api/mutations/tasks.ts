/**
 * Changes of tasks. What can be foreseen is on the screen in the same frame; the server's answer replaces it, and a
 * refusal rolls it back.
 */
import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api, body, queryClient } from "../client";
import { tasksQuery } from "../queries";
import { edited, unsaved } from "@/offline/foresee";
import { send } from "@/offline/send";
import type { TaskFields } from "@/offline/change";
import { common } from "@/texts/common";
import { changes as texts } from "@/texts/changes";

import type { Task } from "../types";

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

/** What a change of a task is called while it waits. */
function labelOf(key: string, { status, title }: TaskFields): string {
  if (status) return texts.status(key, common.status[status]);
  return title === undefined ? texts.note(key) : texts.title(key);
}

export const createTask = (workspace: string) =>
  mutationOptions({
    mutationFn: (title: string) =>
      send<Task>(
        {
          workspace,
          object: `new:${title}`,
          label: texts.createTask(title),
          effect: { kind: "task.create", title },
          request: { method: "POST", path: "/api/v1/w/{workspace}/tasks", params: { path: { workspace } }, body: { title } },
        },
        (key) => unsaved(title, key, Date.now()),
      ),
    onSuccess: (task) => putTask(queryClient, workspace, task),
  });

export const updateTask = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ task, ...fields }: { task: Task } & TaskFields) =>
      send<Task>(
        {
          workspace,
          object: `task:${task.key}`,
          label: labelOf(task.key, fields),
          effect: { kind: "task.update", key: task.key, fields },
          request: {
            method: "PATCH",
            path: "/api/v1/w/{workspace}/tasks/{key}",
            params: { path: { workspace, key: task.key } },
            body: { version: task.version, ...fields },
          },
        },
        () => edited(task, fields),
      ),
    onMutate: async ({ task, ...change }) => {
      await queryClient.cancelQueries({ queryKey: tasksQuery(workspace).queryKey });
      putTask(queryClient, workspace, edited(task, change));
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
