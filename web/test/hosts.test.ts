import "fake-indexeddb/auto";

import { InfiniteQueryObserver, MutationObserver, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { queryClient } from "@/api/client";
import { hostsQuery, importRepositories, offeredQuery } from "@/api/hosts";
import type { OfferedRepository } from "@/api/types";
import { applyEvent } from "@/live/patch";

const repo: OfferedRepository = {
  path: "octo/api", description: null, visibility: "private", language: null, pushed_at: null, bytes: null, default_branch: "main", archived: false, connected: null,
};
/** What reached the server, without what stands before every path. */
let asked: string[];
/** What the list of accounts waits for. */
let list: Promise<void>;

const ANSWERS: Record<string, object> = {
  "GET /hosts/h1/repos": { items: [repo], next: null },
  "GET /hosts": { items: [], total: 0 },
  "GET /repos": { items: [{ id: "r1", running: { id: "a1" } }], total: 1 },
  "POST /hosts/h1/import": { items: [{ repo: { id: "r1" } }] },
};

beforeEach(() => {
  queryClient.clear();
  [asked, list] = [[], Promise.resolve()];
  vi.stubGlobal("Request", class extends Request {
    constructor(input: string | Request, init?: RequestInit) {
      super(typeof input === "string" ? new URL(input, "http://127.0.0.1/") : input, init);
    }
  });
  vi.stubGlobal("fetch", async ({ method, url }: Request) => {
    const what = `${method} ${new URL(url).pathname.replace("/api/v1/w/home", "")}`;
    asked.push(what);
    if (what === "GET /hosts") await list;
    return Response.json(ANSWERS[what]);
  });
});

afterEach(() => vi.unstubAllGlobals());

/** Shows what the host offers, once it is read. */
async function offered(): Promise<() => void> {
  const close = new InfiniteQueryObserver(queryClient, offeredQuery("home", "h1")).subscribe(() => undefined);
  await vi.waitFor(() => expect(queryClient.getQueryData(offeredQuery("home", "h1").queryKey)?.pages.length).toBe(1));
  asked = [];
  return close;
}

it("an event about a host asks this server for its accounts, and no host for its repositories", async () => {
  await queryClient.fetchQuery(hostsQuery("home"));
  const close = await offered();
  for (let event = 0; event < 150; event += 1) applyEvent(queryClient, "home", { type: "host.updated", host: "h1" });
  await new Promise((done) => setTimeout(done, 20));
  expect(asked).not.toContain("GET /hosts/h1/repos");
  expect(queryClient.getQueryState(hostsQuery("home").queryKey)?.isInvalidated).toBe(true);
  close();
});

it("an import is over when its runs are known; what the host offers is read again when somebody next comes to see it", async () => {
  const accounts = new QueryObserver(queryClient, hostsQuery("home")).subscribe(() => undefined);
  await vi.waitFor(() => expect(queryClient.getQueryData(hostsQuery("home").queryKey)).toBeDefined());
  const close = await offered();
  list = new Promise(() => undefined);
  expect(await new MutationObserver(queryClient, importRepositories("home", "h1")).mutate([{ repo }])).toEqual(["a1"]);
  await vi.waitFor(() => expect(asked).toContain("GET /hosts"));
  expect(asked).not.toContain("GET /hosts/h1/repos");
  expect(queryClient.getQueryState(offeredQuery("home", "h1").queryKey)?.isInvalidated).toBe(true);
  close();
  accounts();
});
