/** Which rows somebody else just changed, for as long as they are pointed out. */
import { useSyncExternalStore } from "react";

/** How long a row is pointed out. */
const SHOWN_MS = 1500;

/** What such a row looks like: a ground and an edge, nothing that moves. */
export const changedLook = "bg-sunken shadow-[inset_3px_0_0_var(--accent)]";

const rows = new Set<string>();
const listeners = new Set<() => void>();
const tell = () => {
  for (const each of listeners) each();
};

/** Points a row out for a moment. */
export function markChanged(id: string): void {
  rows.add(id);
  tell();
  setTimeout(() => {
    rows.delete(id);
    tell();
  }, SHOWN_MS);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether a row is pointed out now. */
export const useChanged = (id: string): boolean => useSyncExternalStore(subscribe, () => rows.has(id));
