/** What waits for the server, for everything that shows it. */
import { useSyncExternalStore } from "react";

import type { Change } from "./change";

let changes: readonly Change[] = [];
const listeners = new Set<() => void>();

export const waitingChanges = (): readonly Change[] => changes;

/** The key of the last change whose maker is to be asked at once, because they are still at it. */
let asked: string | undefined;

export function ask(key: string): void {
  asked = key;
}

export function publishChanges(next: readonly Change[]): void {
  changes = next;
  for (const each of listeners) each();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The changes that wait, in the order in which they were made. */
export const useWaiting = (): readonly Change[] => useSyncExternalStore(subscribe, waitingChanges);

/** The change that a person is asked about without having opened the list of what waits. */
export const useAsked = (): string | undefined => useSyncExternalStore(subscribe, () => asked);
