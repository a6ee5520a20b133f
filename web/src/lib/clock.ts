import { useSyncExternalStore } from "react";

/** The current time, for ages on the screen. It moves once a minute, so that ages do not flicker. */
const MINUTE = 60_000;

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, MINUTE);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Milliseconds since the epoch, renewed once a minute. Never earlier than the moment of the first call. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => (now = Math.max(now, Date.now() - (Date.now() % MINUTE))));
}
