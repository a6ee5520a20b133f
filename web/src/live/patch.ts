/** What each event changes on the screen: the query cache is patched, and only what cannot be patched is read again. */
import type { QueryClient } from "@tanstack/react-query";

import { renewAudit } from "@/api/audit";
import { hostListKey } from "@/api/hosts-key";
import { memoriesKey } from "@/api/memory-lists";
import { analysisQuery, peopleKey, reposQuery, sessionQuery } from "@/api/queries";
import { renewNames, settingsQuery } from "@/api/settings";
import type { Analysis, AnalysisDetail, Repo } from "@/api/types";
import { workspaceQuery } from "@/api/workspaces";

import { markChanged } from "./changed";
import { ownChange } from "./own";
import { advance, type Progress } from "./progress";
import { renew } from "./renew";
import type { LiveEvent } from "./session";

/** Applies an event that is stored on the server. */
export function applyEvent(cache: QueryClient, workspace: string, event: LiveEvent, actor: string | null = null): void {
  const [object, happened] = event.type.split(".");
  const row = rowOf(event);
  if (row !== undefined && !ownChange()) markChanged(row);
  switch (object) {
    case "analysis":
      if (happened === "phase_finished") applyTick(cache, workspace, event);
      else analysisChanged(cache, workspace, event);
      break;
    case "repo":
      renew(cache, { queryKey: reposQuery(workspace).queryKey });
      // The page of a repository that was removed elsewhere learns it from its own answer.
      renew(cache, { queryKey: ["w", workspace, "repo"], predicate: (query) => query.queryKey[4] === "self" });
      break;
    case "host":
      renew(cache, { queryKey: hostListKey(workspace) });
      break;
    case "insight":
      renew(cache, { queryKey: reposQuery(workspace).queryKey });
      renew(cache, { queryKey: ["w", workspace, "repo"], predicate: (query) => query.queryKey[4] === "insights" });
      break;
    case "finding":
      renew(cache, { queryKey: reposQuery(workspace).queryKey });
      renew(cache, {
        queryKey: ["w", workspace, "repo"],
        predicate: (query) => ["self", "report", "findings", "suppressions", "explain"].includes(String(query.queryKey[4])),
      });
      break;
    case "task":
      renew(cache, { queryKey: ["w", workspace, "tasks"] });
      renew(cache, { queryKey: ["w", workspace, "repo"], predicate: (query) => query.queryKey[4] === "insights" });
      break;
    case "memory":
      renew(cache, { queryKey: memoriesKey(workspace) });
      break;
    case "advisories":
      renew(cache, { queryKey: ["w", workspace, "advisories"] });
      break;
    case "settings":
      renew(cache, { queryKey: settingsQuery(workspace).queryKey });
      void renewNames(cache, workspace);
      break;
    case "member":
    case "invite":
    case "access_request":
      renew(cache, { queryKey: peopleKey(workspace) });
      void renewAudit(cache, workspace);
      if (object === "access_request") void answered(cache, event, actor);
      break;
    case "token":
      renew(cache, { queryKey: ["me", "tokens"] });
      break;
    case "role":
    case "workspace":
    case "session":
      renew(cache, { queryKey: sessionQuery.queryKey });
      renew(cache, { queryKey: ["me"] });
      if (object === "workspace") renew(cache, { queryKey: workspaceQuery(workspace).queryKey });
      break;
  }
}

/**
 * Somebody's request was made or answered; nobody answers their own. What the answer was is told by the role, so that this
 * one is read before.
 */
async function answered(cache: QueryClient, event: LiveEvent, actor: string | null): Promise<void> {
  const request = event["request"];
  if (typeof request !== "string" || actor === cache.getQueryData(sessionQuery.queryKey)?.data.user.id) return;
  await renew(cache, { queryKey: sessionQuery.queryKey });
  const { noteAnswered } = await import("@/access/asked");
  noteAnswered(request);
}

/** The row of a list that an event is about. What only says that work goes on is on the row as a number already. */
function rowOf(event: LiveEvent): string | undefined {
  if (/^analysis\.(queued|started|phase_finished)$/.test(event.type)) return undefined;
  const task = event["task"] as { id?: unknown } | undefined;
  const memory = event["memory"] as { id?: unknown } | undefined;
  const row = task?.id ?? memory?.id ?? event["insight"] ?? event["finding"] ?? event["repo"];
  return typeof row === "string" ? row : undefined;
}

/** Applies a passing sign of progress to every copy of the analysis on the screen. */
export function applyTick(cache: QueryClient, workspace: string, tick: LiveEvent): void {
  if (tick.type === "repo.moved") {
    renew(cache, { queryKey: ["w", workspace, "repo"], predicate: (query) => query.queryKey[4] === "behind" });
    return;
  }
  if (tick.type !== "analysis.progressed" && tick.type !== "analysis.phase_finished") return;
  const progress = { ...tick, finished: tick.type === "analysis.phase_finished" } as unknown as Progress;
  if (typeof progress.analysis !== "string" || typeof progress.phase !== "string") return;
  const next = (analysis: Analysis): Analysis =>
    analysis.id === progress.analysis ? advance(analysis, progress) : analysis;
  const inRepo = (repo: Repo): Repo => (repo.running ? { ...repo, running: next(repo.running) } : repo);

  cache.setQueryData(analysisQuery(workspace, progress.analysis).queryKey, (old) =>
    old ? { ...old, data: { ...old.data, analysis: next(old.data.analysis) } } : old,
  );
  cache.setQueryData(reposQuery(workspace).queryKey, (old) =>
    old ? { ...old, items: old.items.map(inRepo) } : old,
  );
  cache.setQueriesData<{ data: Repo }>(
    { queryKey: ["w", workspace, "repo"], predicate: (query) => query.queryKey[4] === "self" },
    (old) => (old ? { ...old, data: inRepo(old.data) } : old),
  );
}

const waits = (data: unknown): boolean => (data as { data: AnalysisDetail } | undefined)?.data.analysis.state === "queued";

/** A run was queued, started or ended: its own record, the list, and what it may have found. */
function analysisChanged(cache: QueryClient, workspace: string, event: LiveEvent): void {
  if (typeof event["analysis"] === "string") {
    renew(cache, { queryKey: analysisQuery(workspace, event["analysis"]).queryKey });
  }
  renew(cache, { queryKey: reposQuery(workspace).queryKey });
  const ended = /finished|failed|cancelled/.test(event.type);
  // Those that wait move up.
  if (ended) renew(cache, { queryKey: ["w", workspace, "analysis"], predicate: (query) => waits(query.state.data) });
  renew(cache, {
    queryKey: ["w", workspace, "repo"],
    predicate: (query) => ended || query.queryKey[4] === "self" || query.queryKey[4] === "analyses",
  });
}
