/** Changes of insights. */
import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api, body, queryClient } from "../client";
import { insightsQuery } from "../queries";
import type { Insight } from "../types";
import { putTask } from "./tasks";

/** Puts an insight into the lists that show it. */
export function putInsight(cache: QueryClient, workspace: string, insight: Insight): void {
  cache.setQueryData(insightsQuery(workspace, insight.repo.slug).queryKey, (old) =>
    old ? { ...old, items: old.items.map((each) => (each.id === insight.id ? insight : each)) } : old,
  );
}

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
