import { useSyncExternalStore } from "react";

import { queryClient } from "@/api/client";

import { applyEvent, applyTick } from "./patch";
import { LiveSession, type LiveEvent, type LiveStatus } from "./session";
import { overServerSentEvents, overWebSocket } from "./transports";

/** How the connection stands, and whether the screen was refreshed after a gap. */
export interface LiveState {
  status: LiveStatus;
  gap: boolean;
}

let state: LiveState = { status: { state: "stopped" }, gap: false };
const listeners = new Set<() => void>();
let session: LiveSession | undefined;

function publish(change: Partial<LiveState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

/** Ticks are gathered for a frame: at most ten repaints a second, however many arrive. */
const REPAINT_MS = 100;

/** The newer tick, with the facts of the one it replaces: each fact is said only once. */
function joined(older: LiveEvent | undefined, newer: LiveEvent): LiveEvent {
  const facts = (tick: LiveEvent | undefined): unknown[] => (Array.isArray(tick?.["facts"]) ? tick["facts"] : []);
  return { ...newer, facts: [...facts(older), ...facts(newer)] };
}

/** Connects the page to the events of a workspace; the returned function disconnects it. */
export function startLive(workspace: string): () => void {
  const base = `${location.origin}/api/v1/w/${encodeURIComponent(workspace)}/live`;
  const ticks = new Map<string, LiveEvent>();
  let painting: ReturnType<typeof setTimeout> | undefined;

  session = new LiveSession({
    socket: overWebSocket(base.replace(/^http/, "ws"), "devmentor.v1"),
    fallback: overServerSentEvents(`${base}/sse`),
    onEvent: (event) => applyEvent(queryClient, workspace, event),
    onTick: (tick) => {
      const key = `${tick.type}:${String(tick["analysis"])}`;
      ticks.set(key, joined(ticks.get(key), tick));
      painting ??= setTimeout(() => {
        painting = undefined;
        for (const each of ticks.values()) applyTick(queryClient, workspace, each);
        ticks.clear();
      }, REPAINT_MS);
    },
    onGap: () => {
      void queryClient.invalidateQueries();
      publish({ gap: true });
      setTimeout(() => publish({ gap: false }), 8000);
    },
    onStatus: (status) => publish({ status }),
  });
  session.start();
  const nudge = () => session?.nudge();
  addEventListener("online", nudge);
  return () => {
    removeEventListener("online", nudge);
    clearTimeout(painting);
    session?.stop();
    session = undefined;
  };
}

/** The state of the live connection. */
export const useLive = (): LiveState =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
