import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";

import { blameQuery } from "@/api/code";
import { membersQuery } from "@/api/people";
import { analysisQuery, insightsQuery, repoQuery, reposQuery, sessionQuery } from "@/api/queries";
import { findingsQuery, hotspotsQuery } from "@/api/report";
import { settingsQuery } from "@/api/settings";
import { tokensQuery } from "@/api/tokens";
import { workspaceQuery } from "@/api/workspaces";
import { applyEvent } from "@/live/patch";

describe("a repository that was removed elsewhere", () => {
  it("is asked for again by its page and by the list, and by nothing else", () => {
    const cache = new QueryClient();
    const keys = [repoQuery("home", "tool").queryKey, reposQuery("home").queryKey, insightsQuery("home", "tool").queryKey];
    for (const key of keys) cache.setQueryData<unknown>(key, {});
    applyEvent(cache, "home", { type: "repo.removed", repo: "r1" });
    expect(keys.map((key) => cache.getQueryState(key)?.isInvalidated)).toEqual([true, true, false]);
  });
});

describe("people who are no longer to be named", () => {
  it("have their names read again where they are shown, and forgotten everywhere else", () => {
    const cache = new QueryClient();
    const shown = blameQuery("home", "tool", undefined, "a.ts").queryKey;
    const others = [hotspotsQuery("home", "tool").queryKey, findingsQuery("home", "tool", {}).queryKey];
    const settings = settingsQuery("home").queryKey;
    for (const key of [shown, settings, reposQuery("home").queryKey, ...others]) cache.setQueryData<unknown>(key, {});
    const read = vi.fn(() => Promise.resolve({}));
    const close = new QueryObserver<unknown>(cache, { queryKey: shown, queryFn: read, staleTime: Infinity }).subscribe(() => undefined);
    applyEvent(cache, "home", { type: "settings.updated", name_people: false });
    expect(read).toHaveBeenCalledTimes(1);
    expect(others.map((key) => cache.getQueryState(key))).toEqual([undefined, undefined]);
    expect([settings, reposQuery("home").queryKey].map((key) => cache.getQueryState(key)?.isInvalidated)).toEqual([true, false]);
    close();
  });

  it("do not stay in an answer that was on its way", async () => {
    const cache = new QueryClient();
    const answers: ((people: string[]) => void)[] = [];
    const read = vi.fn(() => new Promise<string[]>((resolve) => answers.push(resolve)));
    const { queryKey } = blameQuery("home", "tool", undefined, "a.ts");
    const close = new QueryObserver<unknown>(cache, { queryKey, queryFn: read, staleTime: Infinity }).subscribe(() => undefined);
    applyEvent(cache, "home", { type: "settings.updated", name_people: false });
    answers[0]?.(["Ada Example"]);
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
    answers[1]?.([]);
    await vi.waitFor(() => expect(cache.getQueryData<unknown>(queryKey)).toEqual([]));
    close();
  });
});

describe("a run that ends while its page reads it for the first time", () => {
  // However many events come meanwhile.
  it.each([1, 30])("is read once more after %i events: that answer may be older than the end", async (events) => {
    const cache = new QueryClient();
    const answers: ((state: string) => void)[] = [];
    const read = vi.fn(() => new Promise<string>((resolve) => answers.push(resolve)));
    const { queryKey } = analysisQuery("home", "a1");
    const close = new QueryObserver<unknown>(cache, { queryKey, queryFn: read, staleTime: Infinity }).subscribe(() => undefined);
    for (let event = 0; event < events; event += 1) applyEvent(cache, "home", { type: "analysis.finished", analysis: "a1", repo: "r1" });
    answers[0]?.("running");
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
    answers[1]?.("finished");
    await vi.waitFor(() => expect(cache.getQueryData<unknown>(queryKey)).toBe("finished"));
    expect(read).toHaveBeenCalledTimes(2);
    close();
  });

  it("is read once more where that first read fails", async () => {
    const cache = new QueryClient();
    const refusals: (() => void)[] = [];
    const read = vi.fn(() => (refusals.length === 0 ? new Promise<string>((_, reject) => refusals.push(() => reject(new Error("not there")))) : Promise.resolve("finished")));
    const { queryKey } = analysisQuery("home", "a1");
    const close = new QueryObserver<unknown>(cache, { queryKey, queryFn: read, retry: false, staleTime: Infinity }).subscribe(() => undefined);
    applyEvent(cache, "home", { type: "analysis.finished", analysis: "a1", repo: "r1" });
    refusals[0]?.();
    await vi.waitFor(() => expect(cache.getQueryData<unknown>(queryKey)).toBe("finished"));
    expect(read).toHaveBeenCalledTimes(2);
    close();
  });
});

describe("a run that waits for others", () => {
  it("moves up when one of them ends", async () => {
    const cache = new QueryClient();
    const about = (id: string, state: string) => {
      const { queryKey } = analysisQuery("home", id);
      const read = vi.fn(() => Promise.resolve({ data: { analysis: { id, state } } }));
      const close = new QueryObserver<unknown>(cache, { queryKey, queryFn: read, staleTime: Infinity }).subscribe(() => undefined);
      return { read, close };
    };
    const [waits, ended] = [about("a2", "queued"), about("a3", "done")];
    await vi.waitFor(() => expect(cache.isFetching()).toBe(0));
    applyEvent(cache, "home", { type: "analysis.finished", analysis: "a1", repo: "r1" });
    await vi.waitFor(() => expect(waits.read).toHaveBeenCalledTimes(2));
    expect(ended.read).toHaveBeenCalledTimes(1);
    waits.close();
    ended.close();
  });
});

describe("what is about people", () => {
  const people = membersQuery("home").queryKey;
  const tokens = tokensQuery.queryKey;
  const session = sessionQuery.queryKey;
  const details = workspaceQuery("home").queryKey;

  it.each([
    ["member.updated", people],
    ["invite.updated", people],
    ["access_request.updated", people],
    ["token.updated", tokens],
    ["role.changed", session],
    ["workspace.updated", session],
    ["workspace.updated", details],
  ])("%s renews just what shows it", (type, changed) => {
    const cache = new QueryClient();
    for (const key of [people, tokens, session, details]) cache.setQueryData<unknown>(key, {});
    applyEvent(cache, "home", { type });
    expect(cache.getQueryState(changed)?.isInvalidated).toBe(true);
    expect(cache.getQueryState(people)?.isInvalidated).toBe(changed === people);
  });
});
