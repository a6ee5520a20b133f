import { useSyncExternalStore } from "react";

import type { LiveStatus } from "./session";

/** How the connection stands, and whether the screen was refreshed after a gap. */
export interface LiveState {
  status: LiveStatus;
  gap: boolean;
}

let state: LiveState = { status: { state: "connecting" }, gap: false };
const listeners = new Set<() => void>();

/** Changes the state and tells everyone who shows it. */
export function publish(change: Partial<LiveState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export const liveState = (): LiveState => state;

/** The state of the live connection. */
export const useLive = (): LiveState =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    liveState,
  );
