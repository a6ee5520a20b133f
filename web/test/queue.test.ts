import "fake-indexeddb/auto";

import { hashKey, MutationObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { queryClient, type Answer } from "@/api/client";
import { keeping, OPENED } from "@/api/keeping";
import { restoreInsight } from "@/api/mutations/insights";
import { sessionQuery, tasksQuery } from "@/api/queries";
import type { Insight, Session, Task } from "@/api/types";
import { publish } from "@/live/state";
import { OLD, onVersion, type Change, type Draft } from "@/offline/change";
import { differing, remaining, settle, settleInsight, standing } from "@/offline/conflict";
import { holding } from "@/offline/held";
import { forget, forgetWorkspace, isKept, keep, read } from "@/offline/kept";
import { again, drop, load, submit, withdraw } from "@/offline/queue";
import { replay } from "@/offline/replay";
import { publishChanges, waitingChanges } from "@/offline/state";
import { stored } from "@/offline/store";

vi.mock("@/ui/toast", () => ({ toast: (words: string) => void said.push(words) }));

const said: string[] = [];
/** What reached the server: method, path, body and key. */
let sent: { method: string; path: string; body: Record<string, unknown>; key: string | null }[];
let answer: (times: number) => Response;

const reply = (status: number, content: object): Response => Response.json(content, { status });
const refused = (status: number, code: string): Response => reply(status, { status, code, detail: code, title: code });

const task: Task = {
  id: "1", key: "DEV-1", title: "Call", description: "", status: "todo", priority: "none", origin: null, next: ["in_progress", "done"],
  version: 4, deleted_at: null, created_at: "2026-11-23T09:00:00Z", updated_at: "2026-11-23T09:00:00Z", can: { edit: true, delete: true },
};
const edit = (fields: object): Draft => ({
  workspace: "home",
  object: "task:DEV-1",
  label: "DEV-1",
  effect: { kind: "task.update", key: "DEV-1", fields },
  request: { method: "PATCH", path: "/api/v1/w/{workspace}/tasks/{key}", params: { path: { workspace: "home", key: "DEV-1" } }, body: { version: 4, ...fields } },
});
const away = () => publish({ status: { state: "reconnecting", attempt: 3 } });
const here = () => publish({ status: { state: "live", slow: false } });
const shown = () => queryClient.getQueryData(tasksQuery("home").queryKey)?.items;
const session = (id: string) => ({ data: { user: { id } } }) as Answer<Session>;
const person = (id: string) => queryClient.setQueryData(sessionQuery.queryKey, session(id));
const list = () => queryClient.setQueryData(tasksQuery("home").queryKey, { meta: {} as never, items: [task], next: null, total: 1 });

beforeEach(async () => {
  await forget();
  publishChanges([]);
  [sent, said.length] = [[], 0];
  answer = (times) => reply(200, { ...task, version: 4 + times });
  vi.stubGlobal("fetch", async (request: Request) => {
    const body = request.method === "GET" ? {} : ((await request.json()) as Record<string, unknown>);
    sent.push({ method: request.method, path: new URL(request.url).pathname, body, key: request.headers.get("idempotency-key") });
    return answer(sent.length);
  });
  vi.stubGlobal("Request", class extends Request {
    constructor(input: string | Request, init?: RequestInit) {
      super(typeof input === "string" ? new URL(input, "http://127.0.0.1/") : input, init);
    }
  });
  queryClient.clear();
  person("ana");
  list();
});

afterEach(() => {
  here();
  vi.unstubAllGlobals();
});

describe("a change that is made without a connection", () => {
  it("is on the screen, waits in the browser, and outlives the page", async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    expect(shown()?.[0]).toMatchObject({ status: "done", next: ["todo", "in_progress"] });
    publishChanges([]);
    await load();
    expect(waitingChanges().map((each) => each.effect)).toEqual([{ kind: "task.update", key: "DEV-1", fields: { status: "done" } }]);
  });

  it("is sent in order, each on the version that came of the one before, under one key", async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "in_progress" }), () => task);
    await submit(edit({ status: "done" }), () => task);
    await replay();
    const key = sent[0]?.key;
    sent = [];
    here();
    answer = (times) => reply(200, { ...task, version: 4 + times });
    await replay();
    expect(sent.map(({ body }) => body)).toEqual([
      { version: 4, status: "in_progress" },
      { version: 5, status: "done" },
    ]);
    expect(sent[0]?.key, "a repeated change keeps its key").toBe(key);
    expect(waitingChanges()).toEqual([]);
    expect(said).toEqual(["2 changes saved."]);
  });

  it("stops only its own object when somebody was faster", async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await submit(edit({ title: "Call Ana" }), () => task);
    await submit({ ...edit({ title: "Other" }), object: "task:DEV-2" }, () => task);
    await replay();
    here();
    sent = [];
    answer = (times) => (times === 1 ? refused(409, "changed") : reply(200, { version: 9 }));
    await replay();
    expect(sent.map(({ body }) => body["title"])).toEqual([undefined, "Other"]);
    expect(waitingChanges().map((each) => each.trouble?.code)).toEqual(["changed", undefined]);
    expect(said).toEqual(["1 change saved, 1 needs you."]);
  });

  it("is not moved over what somebody else wrote, when another one of the same task was settled", async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await submit(edit({ title: "Call Ana" }), () => task);
    await replay();
    here();
    answer = () => refused(409, "changed");
    await replay();
    sent = [];
    answer = (times) => (times === 1 ? reply(200, { ...task, version: 7 }) : refused(409, "changed"));
    const theirs = { ...task, version: 6, title: "Call Ben", status: "in_progress" as const };
    await settle(waitingChanges()[0] as Change, theirs, new Set(["status"] as const));
    expect(sent.map(({ body }) => body)).toEqual([
      { version: 6, status: "done" },
      { version: 4, title: "Call Ana" },
    ]);
    expect(waitingChanges().map((each) => each.trouble?.code)).toEqual(["changed"]);
  });

  it("keeps the version that its maker saw, behind one that was made on a later version", async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await submit(onVersion(edit({ description: "Mine" }), 3), () => task);
    await replay();
    here();
    sent = [];
    answer = (times) => (times === 1 ? reply(200, { ...task, version: 5 }) : refused(409, "changed"));
    await replay();
    expect(sent.map(({ body }) => body["version"])).toEqual([4, 3]);
    expect(waitingChanges().map((each) => each.trouble?.code)).toEqual(["changed"]);
  });

  it.each([
    ["a fault of the server", () => refused(500, "internal")],
    ["a slow line", () => refused(408, "timeout")],
  ])("waits on after %s", async (_what, fault) => {
    answer = fault;
    away();
    await submit(edit({ status: "done" }), () => task);
    await replay();
    expect(waitingChanges().map((each) => each.trouble)).toEqual([undefined]);
    answer = () => reply(200, task);
    await replay();
    expect(waitingChanges()).toEqual([]);
  });

  it("does not hold up the others when this program cannot send it", async () => {
    away();
    answer = () => refused(503, "busy");
    await submit({ ...edit({ status: "done" }), object: "task:DEV-2" }, () => task);
    await submit(edit({ title: "Call Ana" }), () => task);
    await replay();
    sent = [];
    answer = (times) => (times === 1 ? new Response("no JSON", { status: 200 }) : reply(200, task));
    await replay();
    expect(waitingChanges().map((each) => each.trouble?.status)).toEqual([0]);
    expect(sent.length).toBe(2);
  });

  it("is sent again under another key when a person asks for it", async () => {
    away();
    answer = () => refused(403, "forbidden");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    expect(waitingChanges()[0]?.trouble?.code).toBe("forbidden");
    answer = () => reply(200, task);
    await again(waitingChanges()[0] as Change);
    expect(waitingChanges()).toEqual([]);
    expect(sent[1]?.key).not.toBe(sent[0]?.key);
  });

  it("is sent when the one that it waited behind is dropped", async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await submit(edit({ title: "Call Ana" }), () => task);
    await replay();
    here();
    answer = () => refused(409, "changed");
    await replay();
    sent = [];
    answer = () => reply(200, { ...task, version: 5 });
    await drop(waitingChanges()[0] as Change);
    await vi.waitFor(() => expect(waitingChanges()).toEqual([]));
    expect(sent.filter(({ method }) => method === "PATCH").map(({ body }) => body["title"])).toEqual(["Call Ana"]);
  });

  it("is sent when it is settled while others are being sent", async () => {
    away();
    answer = () => refused(403, "forbidden");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    answer = () => refused(503, "busy");
    await submit({ ...edit({ title: "Other" }), object: "task:DEV-2" }, () => task);
    await replay();
    here();
    const [first] = waitingChanges() as [Change];
    let settled: Promise<void> | undefined;
    answer = () => {
      settled ??= again(first);
      return reply(200, task);
    };
    await replay();
    await settled;
    expect(waitingChanges()).toEqual([]);
  });

  it("is sent from the page where the browser stores no more", async () => {
    const full = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    full.mockRestore();
    warned.mockRestore();
    expect(waitingChanges().length).toBe(1);
    answer = () => reply(200, task);
    await replay();
    expect([sent.at(-1)?.body["status"], waitingChanges()]).toEqual(["done", []]);
  });

  it("can be taken back before it is sent, and the screen is as it was", async () => {
    away();
    await keep({ queryKey: tasksQuery("home").queryKey }, { meta: {}, items: [task], next: null, total: 1 });
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    expect(await withdraw((each) => each.object === "task:DEV-1")).toEqual({ dropped: true });
    expect(waitingChanges()).toEqual([]);
    expect(shown()?.[0]?.status).toBe("todo");
  });
});

describe("a change that waited for more than a day", () => {
  const DAY_MS = 86_400_000;
  const old = async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    [sent, said.length] = [[], 0];
    here();
    answer = () => reply(200, task);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + DAY_MS + 60_000);
    queryClient.setQueryData(sessionQuery.queryKey, session("ana"), { updatedAt: Date.now() });
  };
  afterEach(() => vi.restoreAllMocks());

  it("is told of instead of being sent, because the server may not know any more that it was made", async () => {
    await old();
    await replay();
    expect(sent).toEqual([]);
    expect(waitingChanges().map((each) => each.trouble?.code)).toEqual([OLD]);
    expect(said).toEqual(["1 needs you."]);
  });

  it("is sent as a new one when a person says that it holds", async () => {
    await old();
    await replay();
    await again(waitingChanges()[0] as Change);
    expect(sent.map(({ body }) => body["status"])).toEqual(["done"]);
    expect(waitingChanges()).toEqual([]);
  });
});

describe("a change that is on its way", () => {
  /** Begins to send a change; `land` ends that. */
  const flying = async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    let land: () => void = () => undefined;
    const landed = new Promise<void>((done) => (land = done));
    vi.stubGlobal("fetch", async () => {
      await landed;
      return reply(200, { ...task, version: 5 });
    });
    const done = replay();
    await vi.waitFor(async () => expect(await holding(waitingChanges()[0]?.key ?? "", false, async (free) => free)).toBe(false));
    return { land, done, change: waitingChanges()[0] as Change };
  };

  it("cannot be dropped, and is not told to be", async () => {
    const { land, done, change } = await flying();
    expect(await drop(change)).toBe(false);
    land();
    await done;
    expect(waitingChanges()).toEqual([]);
    expect(await drop(change), "nor when it has been saved").toBe(false);
  });

  it("is awaited when it is taken back, and says what there is to undo", async () => {
    const { land, done, change } = await flying();
    const withdrawn = withdraw((each) => each.key === change.key);
    land();
    expect(await withdrawn).toEqual({ dropped: false, answer: { ...task, version: 5 } });
    await done;
    expect(await withdraw((each) => each.key === change.key), "also later").toMatchObject({ dropped: false, answer: { version: 5 } });
  });

  it("says what there is to undo when another window has sent it, and no other person's window hears of it", async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await submit({ ...edit({ title: "Other" }), object: "task:DEV-2" }, () => task);
    await replay();
    const [mine, other] = waitingChanges() as [Change, Change];
    const elsewhere = new BroadcastChannel("devmentor.answers");
    elsewhere.postMessage({ change: { ...other, user: "ben" }, answer: { version: 7 } });
    elsewhere.postMessage({ change: mine, answer: { version: 5 } });
    await vi.waitFor(() => expect(waitingChanges().map((each) => each.key)).toEqual([other.key]));
    elsewhere.close();
    await stored((store) => store.delete("changes", mine.order as number), undefined);
    expect(await withdraw(({ key }) => key === mine.key)).toEqual({ dropped: false, answer: { version: 5 } });
  });

  it("is not sent by a window whose list still has what another one dropped", async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    const [change] = waitingChanges() as [Change];
    sent = [];
    await stored((store) => store.delete("changes", change.order as number), undefined);
    expect(await drop(change)).toBe(false);
    expect([sent, waitingChanges()]).toEqual([[], []]);
  });

  it.each([
    ["dropped", (order: number, _change: Change) => stored((store) => store.delete("changes", order), undefined)],
    ["sent anew", (order: number, change: Change) => stored((store) => store.put("changes", { ...change, key: "other", order }), undefined)],
  ])("is not sent once more by a window whose list still has what another one has %s", async (_what, meanwhile) => {
    away();
    answer = () => refused(403, "forbidden");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    const [change] = waitingChanges() as [Change];
    await meanwhile(change.order as number, change);
    sent = [];
    answer = () => reply(200, task);
    await again(change);
    expect(sent).toEqual([]);
  });
});

describe("two states of an insight", () => {
  const insight = { id: "7", state: "open", version: 9, title: "Split it", repo: { slug: "api" }, can: {} } as Insight;
  const change: Change = {
    workspace: "home", object: "insight:7", label: "Dismiss", user: "ana", key: "k", at: 0,
    effect: { kind: "insight.dismiss", repo: "api", id: "7", reason: "Known" },
    request: { method: "POST", path: "/api/v1/w/{workspace}/insights/{id}/dismiss", params: { path: { workspace: "home", id: "7" } }, body: { reason: "Known", version: 2 } },
  };

  it.each([
    ["dismissed", "open", "differs"],
    ["dismissed", "dismissed", "same"],
    ["dismissed", "closed", "closed"],
    ["open", "dismissed", "differs"],
    ["open", "closed", "closed"],
  ] as const)("%s wanted, %s there: %s", (mine, state, left) => {
    expect(standing(mine, { ...insight, state })).toBe(left);
  });

  it("one that is not there any more", () => expect(standing("open", undefined)).toBe("gone"));

  it("ask their maker at once, and what is chosen is sent on what is there now", async () => {
    answer = () => refused(409, "changed");
    await expect(submit(change, () => undefined)).rejects.toThrow();
    const [kept] = waitingChanges() as [Change];
    expect(kept.trouble?.code).toBe("changed");
    sent = [];
    answer = () => reply(200, { ...insight, version: 10 });
    await settleInsight(kept, insight, true);
    expect(sent.map(({ body }) => body)).toEqual([{ reason: "Known", version: 9 }]);
    expect(waitingChanges()).toEqual([]);
  });

  /** Has an own dismissal wait that the server refused, while the insight is as `there`; what `restoreInsight` sends then, and says. */
  const bringBack = async (there: Insight) => {
    answer = () => refused(409, "changed");
    await expect(submit(change, () => undefined)).rejects.toThrow();
    sent = [];
    vi.stubGlobal("fetch", async ({ method, url }: Request) => {
      if (method === "GET") return reply(200, { meta: {}, items: [there], next: null, total: 1 });
      sent.push({ method, path: new URL(url).pathname + new URL(url).search, body: {}, key: null });
      return reply(200, { ...there, state: "open", version: there.version + 1 });
    });
    const got = await new MutationObserver(queryClient, restoreInsight("home")).mutate({ ...insight, state: "dismissed", version: 2 });
    expect(waitingChanges()).toEqual([]);
    return { asked: sent.map(({ method, path }) => `${method} ${path}`), state: got.state };
  };

  it("are both taken back where another person has dismissed it, on the version that is there", async () => {
    expect(await bringBack({ ...insight, state: "dismissed" })).toEqual({
      asked: ["POST /api/v1/w/home/insights/7/restore?version=9"],
      state: "open",
    });
  });

  it("leave nothing to take back where it is open all the same", async () => {
    expect(await bringBack(insight)).toEqual({ asked: [], state: "open" });
  });
});

describe("what one person left behind", () => {
  const leaveOne = async () => {
    away();
    answer = () => refused(503, "busy");
    await submit(edit({ status: "done" }), () => task);
    await replay();
    sent = [];
    answer = () => reply(200, task);
    here();
  };

  it("is neither shown to another nor sent under their name", async () => {
    await leaveOne();
    person("ben");
    await replay();
    expect([sent, waitingChanges()]).toEqual([[], []]);
    person("ana");
    await load();
    expect(waitingChanges(), "it is gone from the storage").toEqual([]);
  });

  it("is not sent before the server has said who is signed in", async () => {
    await leaveOne();
    queryClient.setQueryData(sessionQuery.queryKey, session("ana"), { updatedAt: OPENED - 1 });
    await replay();
    expect([sent.length, waitingChanges().length]).toEqual([0, 1]);
  });

  it("is forgotten at once in the page as well", async () => {
    await leaveOne();
    await forget();
    expect(waitingChanges()).toEqual([]);
  });

  it("goes also when it was read over another interface, and long ago", async () => {
    await keep(sessionQuery, session("ana"));
    await keep({ queryKey: ["w", "home", "tasks"] }, { items: ["of Ana"] });
    await stored(async (store) => {
      const [kept] = (await store.getAll("kept")).filter((each) => each.key === hashKey(sessionQuery.queryKey));
      if (kept) await store.put("kept", { ...kept, contract: "older", at: 0 });
    }, undefined);
    await keep(sessionQuery, session("ben"));
    expect(await read(["w", "home", "tasks"])).toBeUndefined();
  });
});

describe("two versions of a task", () => {
  const change: Change = { ...edit({ status: "done", title: "Call Ana" }), user: "ana", key: "k", at: 0 };
  const theirs = { ...task, version: 7, title: "Call Ben", status: "done" as const };

  it("differ in the fields that are not the same by now", () => {
    expect(differing({ status: "done", title: "Call Ana" }, theirs)).toEqual(["title"]);
  });

  it("leave only what is chosen, on their version", () => {
    expect(remaining(change, theirs, new Set(["title"] as const))?.request.body).toEqual({ title: "Call Ana", version: 7 });
    expect(remaining(change, theirs, new Set())).toBeUndefined();
  });

  it("are settled with a key of its own, because it is another change", async () => {
    answer = () => refused(409, "changed");
    await expect(submit(edit({ title: "Call Ana" }), () => task)).rejects.toThrow("changed");
    const [refusedChange] = waitingChanges();
    expect(refusedChange?.trouble?.code).toBe("changed");
    answer = () => reply(200, { version: 8 });
    await settle(refusedChange as Change, theirs, new Set(["title"] as const));
    expect(sent.at(-1)?.body).toEqual({ title: "Call Ana", version: 7 });
    expect(sent.at(-1)?.key).not.toBe(sent[0]?.key);
    expect(waitingChanges()).toEqual([]);
  });

  it("take the version wherever the request has it", () => {
    const inQuery: Draft = { ...edit({}), request: { method: "DELETE", path: "/x", params: { path: {}, query: { version: 1 } } } };
    expect(onVersion(inQuery, 3).request.params.query).toEqual({ version: 3 });
  });
});

describe("what is kept for reading", () => {
  it("goes with its workspace, and so does what waits for it; that of others stays", async () => {
    for (const slug of ["home", "home2"]) await keep({ queryKey: ["w", slug, "tasks"] }, { items: [] });
    publishChanges([{ key: "a", workspace: "home" } as Change, { key: "b", workspace: "home2" } as Change]);
    await forgetWorkspace("home");
    expect(await read(["w", "home", "tasks"])).toBeUndefined();
    expect(await read(["w", "home2", "tasks"])).toBeDefined();
    expect(waitingChanges().map(({ key }) => key)).toEqual(["b"]);
  });

  it("is named: code, the sample and what nobody thought of are not among it", () => {
    expect(isKept(["w", "home", "tasks"])).toBe(true);
    expect(isKept(["w", "home", "repo", "a", "report"])).toBe(true);
    expect(isKept(["w", "home", "memories", "list", {}])).toBe(true);
    for (const key of [["w", "sample", "tasks"], ["w", "home", "repo", "a", "source"], ["w", "home", "repo", "a", "tree"], ["w", "home", "chat"], ["w", "home", "memories", "recall", "why", {}], ["openapi"]]) {
      expect(isKept(key), key.join()).toBe(false);
    }
  });

  it("goes with the person it was read for", async () => {
    await keep({ queryKey: ["session"] }, session("ana"));
    await keep({ queryKey: ["w", "home", "tasks"] }, { items: ["of Ana"] });
    await keep({ queryKey: ["session"] }, session("ana"));
    expect((await read(["w", "home", "tasks"]))?.data).toEqual({ items: ["of Ana"] });
    await keep({ queryKey: ["session"] }, session("ben"));
    expect(await read(["w", "home", "tasks"])).toBeUndefined();
  });

  it("is nothing that was asked for before everything was forgotten", async () => {
    let tell: ((data: object) => void) | undefined;
    const queryKey = ["w", "home", "advisories"];
    const ask = () => queryClient.fetchQuery({ queryKey, queryFn: () => new Promise<object>((told) => (tell = told)), persister: keeping as never, staleTime: 0 });
    const late = ask();
    await forget();
    tell?.({ items: ["of Ana"] });
    await late;
    await new Promise((done) => setTimeout(done, 50));
    expect(await read(queryKey)).toBeUndefined();
    const now = ask();
    tell?.({ items: ["of Ben"] });
    await now;
    await vi.waitFor(async () => expect((await read(queryKey))?.data).toEqual({ items: ["of Ben"] }));
  });

  it("is not shown after two weeks", async () => {
    await keep({ queryKey: ["w", "home", "tasks"] }, { items: [] });
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 15 * 86_400_000);
    expect(await read(["w", "home", "tasks"])).toBeUndefined();
    vi.restoreAllMocks();
  });
});
