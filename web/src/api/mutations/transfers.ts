/** Tasks that let knowledge go from one person to another. */
import { mutationOptions } from "@tanstack/react-query";

import { api, body, queryClient } from "../client";
import { putTask } from "./tasks";

/** What a task is made of. */
export interface TaskText {
  title: string;
  description: string;
}

/** Creates tasks one after the other, so that they stand in the order in which they were wanted. */
export const createTasks = (workspace: string) =>
  mutationOptions({
    mutationFn: async (wanted: readonly TaskText[]) => {
      const made = [];
      for (const task of wanted) {
        const created = await body(api.POST("/api/v1/w/{workspace}/tasks", { params: { path: { workspace } }, body: task }));
        putTask(queryClient, workspace, created);
        made.push(created);
      }
      return made;
    },
  });
