/** Tasks that let knowledge go from one person to another. */
import { mutationOptions } from "@tanstack/react-query";

import { api, body, queryClient } from "../client";
import { putTask } from "./tasks";

/** What a task is made of. */
export interface TaskText {
  title: string;
  description: string;
}

/** A task that is wanted: asked for again under its key, with the same text, it is not created twice. */
export interface WantedTask extends TaskText {
  key: string;
}

/** What is wanted for each thing: as it was when it was first asked for. */
export const wantOnce = (): ((of: string, text: () => TaskText) => WantedTask) => {
  const wanted = new Map<string, WantedTask>();
  return (of, text) => {
    const known = wanted.get(of) ?? { ...text(), key: crypto.randomUUID() };
    wanted.set(of, known);
    return known;
  };
};

/** Creates tasks one after the other, so that they stand in the order in which they were wanted. */
export const createTasks = (workspace: string) =>
  mutationOptions({
    mutationFn: async (wanted: readonly WantedTask[]) => {
      const made = [];
      for (const { key, ...task } of wanted) {
        const params = { path: { workspace }, header: { "Idempotency-Key": key } };
        const created = await body(api.POST("/api/v1/w/{workspace}/tasks", { params, body: task }));
        putTask(queryClient, workspace, created);
        made.push(created);
      }
      return made;
    },
  });
