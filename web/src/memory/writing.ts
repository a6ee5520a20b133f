/**
 * The memory that is being written. It is no state of the part of the page at which it began: a live event may take
 * that part away, and what somebody writes stays.
 */
import { useSyncExternalStore } from "react";

import type { Memory, NewMemory } from "@/api/types";

/** What the editor begins with, and who hears of what became of it. */
export interface Writing {
  /** The workspace it is written in; the editor is shown nowhere else. */
  workspace: string;
  /** What a new memory begins with. */
  draft?: NewMemory;
  /** One that is changed. What is written is written about this version. */
  memory?: Memory;
  /** Whether what is written takes the place of that one, which stays as it is. */
  replaces?: boolean;
  onSaved?: (memory: Memory) => void;
  /** A new one was saved, and that was taken back. */
  onUndone?: () => void;
}

let current: Writing | undefined;
const listeners = new Set<() => void>();

/** Opens the editor; with nothing, closes it. */
export function write(writing: Writing | undefined): void {
  current = writing;
  for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is being written in a workspace. */
export function useWriting(workspace: string): Writing | undefined {
  const writing = useSyncExternalStore(subscribe, () => current);
  return writing?.workspace === workspace ? writing : undefined;
}
