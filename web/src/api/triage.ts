/** What people decide about findings: not to act on some, from when on they count as new, and whether one is useful. */
import { mutationOptions, queryOptions, type InfiniteData } from "@tanstack/react-query";

import { send, withdraw } from "@/offline/send";
import { changes as texts } from "@/texts/changes";

import { answer, api, body, queryClient } from "./client";
import { repoKey, reposQuery } from "./queries";
import type { FindingPage, NewSuppression, Suppression, SuppressionTarget, Suppressions } from "./types";

export const suppressionsQuery = (workspace: string, repo: string) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "suppressions"],
    queryFn: ({ signal }) =>
      answer<Suppressions>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/suppressions", { params: { path: { workspace, repo } }, signal }),
      ),
  });

/** What a suppression would cover. */
export const previewQuery = (workspace: string, repo: string, target: SuppressionTarget) =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "suppression-preview", target],
    queryFn: ({ signal }) =>
      body(
        api.POST("/api/v1/w/{workspace}/repos/{repo}/suppressions/preview", {
          params: { path: { workspace, repo } },
          body: target,
          signal,
        }),
      ),
    staleTime: 0,
  });

/** A suppression as far as its undo needs it. */
type Suppressed = Pick<Suppression, "id" | "version" | "findings">;

type Pages = InfiniteData<FindingPage>;

const findingsKey = (workspace: string, repo: string) => [...repoKey(workspace, repo), "findings"];

/** Everything whose counts a decision changes. */
export const refreshFindings = (workspace: string, repo: string): Promise<unknown> =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: reposQuery(workspace).queryKey }),
    queryClient.invalidateQueries({
      queryKey: repoKey(workspace, repo),
      predicate: ({ queryKey }) => ["self", "report", "findings", "suppressions", "explain"].includes(String(queryKey[4])),
    }),
  ]);

/** Changes the lists on the screen at once; what it answers puts them back. */
async function change(workspace: string, repo: string, next: (page: FindingPage) => FindingPage): Promise<() => void> {
  const queryKey = findingsKey(workspace, repo);
  await queryClient.cancelQueries({ queryKey });
  const before = queryClient.getQueriesData<Pages>({ queryKey });
  queryClient.setQueriesData<Pages>({ queryKey }, (old) => (old ? { ...old, pages: old.pages.map(next) } : old));
  return () => {
    for (const [key, data] of before) queryClient.setQueryData(key, data);
  };
}

/** Decides not to act on findings. `ids` leave the lists at once, and come back when it is refused. */
export const suppress = (workspace: string, repo: string) =>
  mutationOptions({
    mutationFn: ({ suppression, ids }: { suppression: NewSuppression; ids: ReadonlySet<string> }) =>
      send<Suppressed>(
        {
          workspace,
          object: `suppression:${JSON.stringify(suppression.target)}`,
          label: texts.suppress(ids.size),
          effect: { kind: "finding.suppress", repo, ids: [...ids] },
          request: {
            method: "POST",
            path: "/api/v1/w/{workspace}/repos/{repo}/suppressions",
            params: { path: { workspace, repo } },
            body: { ...suppression },
          },
        },
        (key) => ({ id: key, version: 0, findings: ids.size }),
      ),
    onMutate: ({ ids }) =>
      change(workspace, repo, (page) => {
        const items = page.items.filter((each) => !ids.has(each.id));
        return { ...page, items, total: page.total - (page.items.length - items.length) };
      }),
    onError: (_error, _given, back) => back?.(),
    onSettled: () => refreshFindings(workspace, repo),
  });

/** Takes a suppression back. */
export const unsuppress = (workspace: string, repo: string) =>
  mutationOptions({
    mutationFn: async (given: { id: string; version: number }) => {
      // One that the server does not know yet is simply not sent; one that was sent meanwhile has got another id.
      const { dropped, refused, answer } = await withdraw((each) => each.key === given.id);
      // What was refused was not made; should it have been made all the same, it stands in the list that is read now.
      if (dropped || refused) return;
      const { id, version } = (answer as Suppressed | undefined) ?? given;
      await send<unknown>(
        {
          workspace,
          object: `suppression:${id}`,
          label: texts.unsuppress,
          effect: { kind: "finding.unsuppress", repo, id },
          request: {
            method: "DELETE",
            path: "/api/v1/w/{workspace}/repos/{repo}/suppressions/{id}",
            params: { path: { workspace, repo, id }, query: { version } },
          },
        },
        () => undefined,
      );
    },
    onSettled: () => refreshFindings(workspace, repo),
  });

/** Hides what an analysis had, or nothing any more. */
export const setBaseline = (workspace: string, repo: string) =>
  mutationOptions({
    mutationFn: (baseline: { version: number; analysis: string | null }) =>
      body(
        api.PUT("/api/v1/w/{workspace}/repos/{repo}/baseline", { params: { path: { workspace, repo } }, body: baseline }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: findingsKey(workspace, repo) }),
  });

/** Says whether a finding is useful; on the screen at once. */
export const judgeFinding = (workspace: string, repo: string) =>
  mutationOptions({
    mutationFn: ({ id, useful }: { id: string; useful: boolean | null }) =>
      send<unknown>(
        {
          workspace,
          object: `verdict:${id}`,
          label: texts.verdict,
          effect: { kind: "finding.verdict", repo, id, useful },
          request: {
            method: "PUT",
            path: "/api/v1/w/{workspace}/findings/{id}/verdict",
            params: { path: { workspace, id } },
            body: { useful },
          },
        },
        () => undefined,
      ),
    onMutate: ({ id, useful }) =>
      change(workspace, repo, (page) => ({
        ...page,
        items: page.items.map((each) => (each.id === id ? { ...each, useful } : each)),
      })),
    onError: (_error, _given, back) => back?.(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: findingsKey(workspace, repo) }),
  });
