/** Changes of insights. */
import { mutationOptions, type QueryClient } from "@tanstack/react-query";

import { api, body, queryClient } from "../client";
import { insightsQuery, repoKey, reposQuery } from "../queries";
import { dismissed, restored } from "@/offline/foresee";
import { send, withdraw } from "@/offline/send";
import { changes as texts } from "@/texts/changes";

import type { Insight } from "../types";
import { putTask } from "./tasks";

/** Puts an insight into the lists that show it. */
export function putInsight(cache: QueryClient, workspace: string, insight: Insight): void {
  cache.setQueryData(insightsQuery(workspace, insight.repo.slug).queryKey, (old) =>
    old ? { ...old, items: old.items.map((each) => (each.id === insight.id ? insight : each)) } : old,
  );
}

/** The same after an own change. A list that was asked for before it would put the old state back for a moment. */
async function settle(workspace: string, insight: Insight): Promise<void> {
  await queryClient.cancelQueries({ queryKey: insightsQuery(workspace, insight.repo.slug).queryKey });
  putInsight(queryClient, workspace, insight);
  // How many are open stands on these.
  void queryClient.invalidateQueries({ queryKey: reposQuery(workspace).queryKey });
  void queryClient.invalidateQueries({
    queryKey: repoKey(workspace, insight.repo.slug),
    predicate: ({ queryKey }) => queryKey[4] === "self" || queryKey[4] === "report",
  });
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
    onSuccess: (insight) => settle(workspace, insight),
  });

const objectOf = ({ id }: Insight): string => `insight:${id}`;

export const dismissInsight = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ insight, reason }: { insight: Insight; reason: string }) =>
      send<Insight>(
        {
          workspace,
          object: objectOf(insight),
          label: texts.dismiss(insight.title),
          effect: { kind: "insight.dismiss", repo: insight.repo.slug, id: insight.id, reason },
          request: {
            method: "POST",
            path: "/api/v1/w/{workspace}/insights/{id}/dismiss",
            params: { path: { workspace, id: insight.id } },
            body: { reason, version: insight.version },
          },
        },
        () => dismissed(insight),
      ),
    onSuccess: (insight) => settle(workspace, insight),
  });

/** An insight as the server has it now; where nobody answers, as it is known here. */
async function asItIs(workspace: string, insight: Insight): Promise<Insight> {
  const list = await queryClient.fetchQuery({ ...insightsQuery(workspace, insight.repo.slug), staleTime: 0 }).catch(() => undefined);
  return list?.items.find(({ id }) => id === insight.id) ?? insight;
}

/** Takes a dismissal back; needs the insight as the dismissal answered it. */
export const restoreInsight = (workspace: string) =>
  mutationOptions({
    mutationFn: async (insight: Insight) => {
      // A dismissal that the server does not know yet is simply not sent; of one that was sent meanwhile, it said the version.
      const { dropped, refused, answer } = await withdraw((each) => each.object === objectOf(insight) && each.effect.kind === "insight.dismiss");
      if (dropped) return restored(insight);
      // Where it was refused, another person may have dismissed the insight, or nobody.
      const there = refused ? await asItIs(workspace, insight) : insight;
      if (refused && there.state !== "dismissed") return there;
      const id = insight.id;
      const version = Math.max(there.version, (answer as Insight | undefined)?.version ?? 0);
      return send<Insight>(
        {
          workspace,
          object: objectOf(insight),
          label: texts.restore(insight.title),
          effect: { kind: "insight.restore", repo: insight.repo.slug, id },
          request: {
            method: "POST",
            path: "/api/v1/w/{workspace}/insights/{id}/restore",
            params: { path: { workspace, id }, query: { version } },
          },
        },
        () => restored(insight),
      );
    },
    onSuccess: (insight) => settle(workspace, insight),
  });
