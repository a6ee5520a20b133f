/**
 * Answers that are being written. They are no state of a page: whoever looks something up elsewhere finds the answer
 * further on when they come back, and what was typed is not lost by a failure.
 */
import { ProblemError } from "@devmentor/client";
import { useSyncExternalStore } from "react";

import { putThread, readThread, renewThreads } from "@/api/chat";
import { problemOf } from "@/api/client";
import type { AskMentor, ChatEvent, ChatMessage, ChatSource, ChatThread } from "@/api/types";
import { asking as texts } from "@/texts/conversation";

import { clearDraft, draftOf, writeDraft, type Draft } from "./drafts";
import { stream, type Send } from "./stream";

/** Something that is read for an answer. */
export type Step = Omit<Extract<ChatEvent, { type: "step" }>, "type">;

/** An answer in the making, and the question to it. */
export interface Asking {
  /** What was asked. */
  question: AskMentor;
  /** The conversation, the question and the answer as the server has them, once it does. */
  begun?: { thread: ChatThread; question: ChatMessage; answer: string };
  /** What was read for it, in order. */
  steps: readonly Step[];
  /** What it can cite. */
  sources: readonly ChatSource[];
  text: string;
  /** It was stopped, and what was said is being kept. */
  stopping: boolean;
}

/** What a conversation has besides what is kept of it. */
export interface Situation {
  asking?: Asking;
  /** Why the last question has no answer, or no whole one. */
  error?: unknown;
}

const NOTHING: Situation = {};
const all = new Map<string, Situation>();
const stops = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function publish(thread: string, situation: Situation): void {
  all.set(thread, situation);
  for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How a conversation stands now. */
export const useAsking = (thread: string): Situation => useSyncExternalStore(subscribe, () => all.get(thread) ?? NOTHING);

/** Ends the answer of a conversation where it is: what was said is kept. Whether there was one. */
export function stop(thread: string): boolean {
  const running = stops.get(thread);
  if (!running || running.signal.aborted) return false;
  running.abort(new DOMException("Stopped by the reader.", "AbortError"));
  return true;
}

/** Takes away a problem that was read. */
export const dismiss = (thread: string): void => publish(thread, NOTHING);

/** What asking needs from outside; in a browser, its own. */
export interface Outside {
  send?: Send;
  /** Runs something with the next picture: the text of many small events reaches the screen at once. */
  frame?: (run: () => void) => unknown;
  pause?: (milliseconds: number) => Promise<void>;
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Asks in a conversation. It ends when the answer does, and never throws: what went wrong is told beside the conversation. */
export async function ask(workspace: string, thread: string, question: AskMentor, outside: Outside = {}): Promise<void> {
  if (stops.has(thread)) return;
  const stopping = new AbortController();
  stops.set(thread, stopping);
  const draft = draftOf(workspace, thread);
  const draw = outside.frame ?? requestAnimationFrame;
  let now: Asking = { question, steps: [], sources: [], text: "", stopping: false };
  let drawn = true;
  const running = () => stops.get(thread) === stopping;
  const tell = (change: Partial<Asking>) => publish(thread, { asking: (now = { ...now, ...change }) });
  tell({});
  stopping.signal.addEventListener("abort", () => running() && tell({ stopping: true }));
  let ended: ChatMessage | undefined;
  let error: unknown;
  let already = false;
  try {
    for await (const { data } of stream(requestOf(workspace, thread, question, stopping.signal), outside.send)) {
      const event = data as ChatEvent;
      switch (event.type) {
        case "asked":
          tell({ begun: event });
          clearDraft(workspace, thread);
          // A first question gives its conversation the title.
          void renewThreads(workspace);
          break;
        case "step":
          tell({ steps: withStep(now.steps, event) });
          break;
        case "sources":
          tell({ sources: event.sources });
          break;
        case "text":
          now = { ...now, text: now.text + event.text };
          if (drawn) {
            drawn = false;
            draw(() => {
              drawn = true;
              if (running()) tell({});
            });
          }
          break;
        case "ended":
          ended = event.message;
          break;
        case "problem":
          error = new ProblemError(event.problem);
      }
    }
    // Neither an end nor a reason came: somebody between here and the server let go.
    if (!ended && !error && !stopping.signal.aborted) error = new ProblemError(cut());
  } catch (thrown) {
    if (!stopping.signal.aborted) error = thrown;
    already = thrown instanceof ProblemError && thrown.problem.code === "asked_already";
  }
  if (already) {
    // The connection broke when the question had arrived, and it was sent again: it stands in the conversation.
    await readThread(workspace, thread).catch(() => undefined);
    clearDraft(workspace, thread);
    error = new ProblemError(cut());
  } else {
    await keep(workspace, thread, now, ended, outside.pause ?? pause);
    if (now.begun === undefined) restore(workspace, thread, draft);
  }
  stops.delete(thread);
  publish(thread, error === undefined ? NOTHING : { error });
}

/** What is said of an answer that did not reach this page. */
const cut = () => ({ ...problemOf(undefined), code: "cut", title: texts.cutTitle, detail: texts.cut });

/** How often it is looked whether the server has kept what was said, and how long it waits in between, in milliseconds. */
const LOOKS = 12;
const LOOK_MS = 250;

/** Sees to it that the conversation that is shown has what was said, as it was kept. */
async function keep(workspace: string, thread: string, { question, begun }: Asking, ended: ChatMessage | undefined, wait: (milliseconds: number) => Promise<void>): Promise<void> {
  if (!begun) return;
  if (ended) {
    putThread(workspace, begun.thread, (messages) => [...kept(messages, question, begun), begun.question, ended]);
    return;
  }
  for (let look = 0; look < LOOKS; look += 1) {
    const read = await readThread(workspace, thread).catch(() => undefined);
    const answer = read?.messages.find(({ id }) => id === begun.answer);
    if (read && answer?.state !== "answering") return;
    await wait(LOOK_MS);
  }
}

/** What was typed is there again, unless somebody has gone on to type. */
function restore(workspace: string, thread: string, draft: Draft): void {
  if (draftOf(workspace, thread).text === "") writeDraft(workspace, thread, draft);
}

/** What is read, each in the place where it began. */
export function withStep(steps: readonly Step[], { what, state, detail }: Step): readonly Step[] {
  const at = steps.findIndex((each) => each.what === what);
  const step = { what, state, detail };
  return at < 0 ? [...steps, step] : steps.with(at, step);
}

/** What of a conversation stands above a question: what it, or its answer, takes the place of is not among it. */
export function kept(messages: readonly ChatMessage[], { again, instead_of }: AskMentor, begun: Asking["begun"]): readonly ChatMessage[] {
  const replaced = messages.find(({ id }) => id === again)?.question ?? instead_of;
  const at = messages.findIndex(({ id }) => id === replaced || id === begun?.question.id);
  return at < 0 ? messages : messages.slice(0, at);
}

function requestOf(workspace: string, thread: string, question: AskMentor, signal: AbortSignal): Request {
  const path = `/api/v1/w/${encodeURIComponent(workspace)}/chat/threads/${encodeURIComponent(thread)}/messages`;
  return new Request(new URL(path, location.href), {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream", "Idempotency-Key": crypto.randomUUID() },
    body: JSON.stringify(question),
    credentials: "same-origin",
    signal,
  });
}
