import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { threadQuery } from "@/api/chat";
import { api, problemOf, queryClient } from "@/api/client";
import type { ChatMessage, ChatThread } from "@/api/types";
import { ask, kept, stop, useAsking, withStep, type Outside, type Situation } from "@/chat/asking";
import { draftOf, editing, forgetDrafts, NEW, writeDraft } from "@/chat/drafts";
import { previewOf, questionOf } from "@/chat/question-of";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const thread = { id: "t1", title: "", version: 1, can: { ask: true, edit: true, delete: true } } as ChatThread;
const message = (id: string, rest: Partial<ChatMessage> = {}): ChatMessage =>
  ({ id, speaker: "person", question: null, text: id, mode: "answer", state: "done", attached: [], excluded: [], answer: null, rating: null, reasons: [], ...rest }) as ChatMessage;
const q1 = message("q1");
const a1 = message("a1", { speaker: "mentor", question: "q1", state: "done" });
const begun = { type: "asked", thread: { ...thread, title: "Why?" }, question: q1, answer: "a1" };

const said: (ChatMessage[])[] = [];
/** What the server says of the conversation, one answer after the other; the last one stays. */
function keeps(...reads: ChatMessage[][]) {
  said.splice(0, said.length, ...reads);
}

/** An answer whose events are sent by hand. */
function writing() {
  let body!: ReadableStreamDefaultController<Uint8Array>;
  const sent: unknown[] = [];
  const outside: Outside = {
    send: async (request) => {
      sent.push(JSON.parse(await request.clone().text()));
      const stream = new ReadableStream<Uint8Array>({ start: (controller) => void (body = controller) });
      request.signal.addEventListener("abort", () => body.error(request.signal.reason));
      return new Response(stream, { headers: { "content-type": "text/event-stream" } });
    },
    frame: (run) => run(),
    pause: () => Promise.resolve(),
  };
  const say = (event: { type: string }) => act(async () => body.enqueue(new TextEncoder().encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)));
  return { outside, sent, say, close: () => act(async () => body.close()) };
}

const pages: (() => void)[] = [];

/** What a page of the conversation knows of it. */
function watch(id: string): { readonly now: Situation } {
  const seen: { now: Situation } = { now: {} };
  const Page = () => ((seen.now = useAsking(id)), null);
  const root = createRoot(document.createElement("div"));
  act(() => root.render(createElement(Page)));
  pages.push(() => root.unmount());
  return seen;
}

beforeEach(() => {
  forgetDrafts();
  queryClient.clear();
  queryClient.setQueryData(threadQuery("home", "t1").queryKey, { meta: {}, data: { thread, messages: [] } } as never);
  vi.spyOn(api, "GET").mockImplementation((() => {
    const messages = said.length > 1 ? said.shift() : said[0];
    return Promise.resolve({ data: { meta: {}, data: { thread, messages } } });
  }) as never);
});
afterEach(() => {
  act(() => pages.splice(0).forEach((leave) => leave()));
  vi.restoreAllMocks();
});

const known = () => queryClient.getQueryData(threadQuery("home", "t1").queryKey)?.data;

describe("a question", () => {
  it("is answered step by step, and stands in the conversation at its end", async () => {
    const [page, answer] = [watch("t1"), writing()];
    writeDraft("home", "t1", { text: "Why?", excluded: ["k"] });
    const done = ask("home", "t1", { text: "Why?" }, answer.outside);
    await act(async () => undefined);
    expect([answer.sent, page.now.asking?.text]).toEqual([[{ text: "Why?" }], ""]);
    await answer.say(begun);
    expect(draftOf("home", "t1")).toMatchObject({ text: "", excluded: ["k"] });
    await answer.say({ type: "step", what: "Code", state: "begun", detail: null } as never);
    await answer.say({ type: "step", what: "Code", state: "done", detail: "3 passages" } as never);
    await answer.say({ type: "sources", sources: [{ number: 1 }], left_out: [] } as never);
    await answer.say({ type: "text", text: "Beca" } as never);
    await answer.say({ type: "text", text: "use." } as never);
    expect(page.now.asking).toMatchObject({ text: "Because.", sources: [{ number: 1 }], steps: [{ what: "Code", state: "done", detail: "3 passages" }] });
    await answer.say({ type: "ended", message: a1 } as never);
    await answer.close();
    await act(() => done);
    expect(page.now).toEqual({});
    expect(known()).toMatchObject({ thread: { title: "Why?" }, messages: [{ id: "q1" }, { id: "a1" }] });
  });

  it("is stopped where it is, and what the server kept of it is shown", async () => {
    const [page, answer] = [watch("t1"), writing()];
    const done = ask("home", "t1", { text: "Why?" }, answer.outside);
    await act(async () => undefined);
    await answer.say(begun);
    const still = message("a1", { speaker: "mentor", question: "q1", state: "answering" });
    keeps([q1, still], [q1, { ...still, state: "stopped", text: "Beca" }]);
    await act(async () => expect(stop("t1")).toBe(true));
    await act(() => done);
    expect(page.now).toEqual({});
    expect(known()?.messages[1]).toMatchObject({ state: "stopped", text: "Beca" });
    expect(stop("t1")).toBe(false);
  });

  it("is there to be asked again when it was refused, and says why", async () => {
    const page = watch("t1");
    const problem = { ...problemOf(undefined), code: "too_many", status: 503, detail: "Busy." };
    writeDraft("home", "t1", { text: "Why?" });
    await act(() => ask("home", "t1", { text: "Why?" }, { send: () => Promise.resolve(Response.json(problem, { status: 503 })) }));
    expect(problemOf(page.now.error)).toMatchObject({ code: "too_many" });
    expect(draftOf("home", "t1").text).toBe("Why?");
  });

  it("stands in the conversation when it had arrived before the connection broke", async () => {
    const page = watch("t1");
    const problem = { ...problemOf(undefined), code: "asked_already", status: 409, detail: "Read it." };
    writeDraft("home", "t1", { text: "Why?" });
    keeps([q1, { ...a1, state: "stopped" }]);
    await act(() => ask("home", "t1", { text: "Why?" }, { send: () => Promise.resolve(Response.json(problem, { status: 409 })) }));
    expect(problemOf(page.now.error).code).toBe("cut");
    expect([draftOf("home", "t1").text, known()?.messages.length]).toEqual(["", 2]);
  });

  it("says that an answer was cut, and shows what was kept of it", async () => {
    const [page, answer] = [watch("t1"), writing()];
    const done = ask("home", "t1", { text: "Why?" }, answer.outside);
    await act(async () => undefined);
    await answer.say(begun);
    keeps([q1, { ...a1, state: "partial", text: "Beca" }]);
    await answer.close();
    await act(() => done);
    expect(problemOf(page.now.error).code).toBe("cut");
    expect(known()?.messages[1]?.state).toBe("partial");
  });

  it("is asked once at a time in a conversation", async () => {
    const [first, second] = [writing(), writing()];
    const done = ask("home", "t1", { text: "Why?" }, first.outside);
    await act(() => ask("home", "t1", { text: "How?" }, second.outside));
    expect(second.sent).toEqual([]);
    keeps([]);
    await first.close();
    await act(() => done);
  });
});

it("shows of a conversation what stands above the question", () => {
  const all = [q1, a1, message("q2"), message("a2", { speaker: "mentor", question: "q2" })];
  const ids = (question: object, begun?: object) => kept(all, question, begun as never).map(({ id }) => id);
  expect(ids({ text: "new" })).toEqual(["q1", "a1", "q2", "a2"]);
  expect(ids({ instead_of: "q2" })).toEqual(["q1", "a1"]);
  expect(ids({ again: "a1" })).toEqual([]);
  // Read again meanwhile, it holds the question itself.
  expect(ids({ text: "x" }, { question: q1 })).toEqual([]);
});

it("keeps each step in the place where it began", () => {
  const begin = { what: "Code", state: "begun", detail: null } as const;
  const memory = { ...begin, what: "Memory" };
  expect(withStep(withStep([begin], memory), { ...begin, state: "failed", detail: "no report" })).toEqual([{ ...begin, state: "failed", detail: "no report" }, memory]);
});

describe("a draft", () => {
  const file = { attachment: { kind: "file", path: "a.ts", start: 3, end: 5 }, name: "a.ts:3-5" } as const;

  it("holds for its conversation until it is asked, and is nobody's after signing out", () => {
    writeDraft("home", NEW, { text: "Why?", attached: [file] });
    expect(draftOf("home", NEW)).toMatchObject({ text: "Why?", attached: [file], mode: "answer" });
    expect([draftOf("home", "t1").text, draftOf("team", NEW).text]).toEqual(["", ""]);
    forgetDrafts();
    expect(draftOf("home", NEW).text).toBe("");
    expect(Object.keys(sessionStorage).filter((key) => key.includes("question"))).toEqual([]);
  });

  it("is sent as the server takes it", () => {
    writeDraft("home", NEW, { text: " Why? ", attached: [file], excluded: ["k"], repo: "r1", ...editing(message("q1", { text: " Why? " })) });
    const draft = { ...draftOf("home", NEW), attached: [file] };
    expect(questionOf(draft)).toEqual({ text: "Why?", mode: "answer", attached: [file.attachment], excluded: ["k"], instead_of: "q1" });
    expect(previewOf(draft, undefined)).toEqual({ text: "Why?", mode: "answer", attached: [file.attachment], excluded: ["k"], repo: "r1" });
    expect(previewOf(draft, "t1")).toMatchObject({ thread: "t1" });
    expect(previewOf(draft, "t1")).not.toHaveProperty("repo");
  });

  it("begins anew where what is stored is none", () => {
    sessionStorage.setItem("devmentor.question.home.new", "{");
    expect(draftOf("home", NEW).text).toBe("");
  });
});
