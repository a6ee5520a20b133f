/** Questions that are being written, one for each conversation, for as long as the window is open. */
import { useCallback, useMemo, useSyncExternalStore } from "react";

import type { ChatAttachment, ChatMessage, ChatMode } from "@/api/types";

import { nameOf } from "./attachments";

/** Something that a question brings along, and what the page calls it. */
export interface Attached {
  attachment: ChatAttachment;
  name: string;
}

/** A question that is not asked yet. */
export interface Draft {
  text: string;
  mode: ChatMode;
  attached: readonly Attached[];
  /** Keys of what must not be read; it stays so for the whole conversation. */
  excluded: readonly string[];
  /** The repository that a new conversation is about, by its id. */
  repo?: string | undefined;
  /** The question that it takes the place of. */
  insteadOf?: string | undefined;
}

/** The conversation that is not begun yet. */
export const NEW = "new";

const EMPTY: Draft = { text: "", mode: "answer", attached: [], excluded: [] };

const listeners = new Set<() => void>();
/** Where the browser keeps nothing, they hold until the page is left. */
const unkept = new Map<string, string>();

const keyOf = (workspace: string, thread: string): string => `devmentor.question.${workspace}.${thread}`;

function load(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return unkept.get(key) ?? null;
  }
}

function read(text: string | null): Draft {
  try {
    return text ? { ...EMPTY, ...(JSON.parse(text) as Partial<Draft>) } : EMPTY;
  } catch {
    return EMPTY;
  }
}

/** The question that is being written in a conversation. */
export const draftOf = (workspace: string, thread: string): Draft => read(load(keyOf(workspace, thread)));

/** Writes on. What is as it was at the beginning is not kept. */
export function writeDraft(workspace: string, thread: string, change: Partial<Draft>): void {
  const key = keyOf(workspace, thread);
  const text = JSON.stringify({ ...draftOf(workspace, thread), ...change });
  try {
    if (text === JSON.stringify(EMPTY)) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    unkept.set(key, text);
  }
  for (const each of listeners) each();
}

/** What is left of a draft once it was asked: what is kept out stays out. */
export const clearDraft = (workspace: string, thread: string): void => {
  const { mode, excluded } = draftOf(workspace, thread);
  writeDraft(workspace, thread, { ...EMPTY, mode, excluded, repo: undefined, insteadOf: undefined });
};

/** A question that takes the place of one that was asked. */
export const editing = ({ id, text, mode, attached }: ChatMessage): Partial<Draft> => ({
  text,
  mode,
  insteadOf: id,
  attached: attached.map((attachment) => ({ attachment, name: nameOf(attachment) })),
});

/** What is left when the earlier question is to stay. */
export const NOT_EDITING: Partial<Draft> = { text: "", attached: [], insteadOf: undefined };

/** Forgets all of them: whoever signs out leaves nothing that they wrote. */
export function forgetDrafts(): void {
  unkept.clear();
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("devmentor.question.")) sessionStorage.removeItem(key);
  } catch {
    // Nothing is kept there.
  }
  for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The question that is being written, and how to write on. */
export function useDraft(workspace: string, thread: string): [Draft, (change: Partial<Draft>) => void] {
  const text = useSyncExternalStore(subscribe, () => load(keyOf(workspace, thread)));
  const write = useCallback((change: Partial<Draft>) => writeDraft(workspace, thread, change), [workspace, thread]);
  return [useMemo(() => read(text), [text]), write];
}
