/** The live connection of the page. It is loaded after the first paint: nothing on the screen waits for it. */
import { queryClient } from "@/api/client";
import { OPENED } from "@/api/keeping";
import { keepFresh, stillSignedIn } from "@/api/refresh";
import { asking, leaving } from "@/api/signed-in";
import { ATTEMPTS_BEFORE_OFFLINE } from "@/lib/offline";
import { load } from "@/offline/queue";
import { replayNow } from "@/offline/replay";

import { applyEvent, applyTick } from "./patch";
import { renew } from "./renew";
import { LiveSession, type Connect, type LiveEvent } from "./session";
import { liveState, publish } from "./state";
import { overServerSentEvents, overWebSocket } from "./transports";

/** Ticks are gathered for a frame: at most ten repaints a second, however many arrive. */
const REPAINT_MS = 100;

/** The newer tick, with the facts of the one it replaces: each fact is said only once. */
function joined(older: LiveEvent | undefined, newer: LiveEvent): LiveEvent {
  const facts = (tick: LiveEvent | undefined): unknown[] => (Array.isArray(tick?.["facts"]) ? tick["facts"] : []);
  return { ...newer, facts: [...facts(older), ...facts(newer)] };
}

/** Reads again what could not be read, or came out of storage, while the server was away; not what is on its way. */
const readWhatFailed = () =>
  void queryClient.invalidateQueries({
    predicate: ({ state }) =>
      state.fetchStatus === "idle" && (state.status === "error" || (state.dataUpdatedAt > 0 && state.dataUpdatedAt < OPENED)),
  });

/** How often it is looked whether somebody is signed in again, in milliseconds. */
const LOOK_MS = 200;

/** Connects when somebody is signed in: who is leaving, or asked to sign in again, would only be refused. */
const forSomebody =
  (connect: Connect): Connect =>
  (events, last) => {
    const nobody = () => leaving.now || asking.now;
    if (!nobody()) return connect(events, last);
    const timer = setInterval(() => {
      if (nobody()) return;
      clearInterval(timer);
      events.closed();
    }, LOOK_MS);
    return { send: () => undefined, close: () => clearInterval(timer) };
  };

/** Connects the page to the events of a workspace; the returned function disconnects it. */
export function startLive(workspace: string): () => void {
  const base = `${location.origin}/api/v1/w/${encodeURIComponent(workspace)}/live`;
  const ticks = new Map<string, LiveEvent>();
  let painting: ReturnType<typeof setTimeout> | undefined;

  const session = new LiveSession({
    socket: forSomebody(overWebSocket(base.replace(/^http/, "ws"), "devmentor.v1")),
    fallback: forSomebody(overServerSentEvents(`${base}/sse`)),
    onEvent: (event, _at, actor) => applyEvent(queryClient, workspace, event, actor),
    onTick: (tick) => {
      const key = `${tick.type}:${String(tick["analysis"] ?? tick["repo"])}`;
      ticks.set(key, joined(ticks.get(key), tick));
      painting ??= setTimeout(() => {
        painting = undefined;
        for (const each of ticks.values()) applyTick(queryClient, workspace, each);
        ticks.clear();
      }, REPAINT_MS);
    },
    onStart: () => renew(queryClient, { queryKey: ["w", workspace] }),
    onGap: () => {
      renew(queryClient);
      publish({ gap: true });
      setTimeout(() => publish({ gap: false }), 8000);
    },
    onStatus: (status) => {
      const before = liveState().status.state;
      publish({ status });
      // A socket does not say why it broke: the session may have ended.
      if (status.state === "reconnecting" && before === "live") void stillSignedIn();
      if (status.state !== "live" || before === "live") return;
      readWhatFailed();
      replayNow();
    },
  });
  session.start();
  void load();
  const nudge = () => session.nudge();
  const stopKeeping = keepFresh();
  // A browser may say so without its being true: loopback needs no network.
  const doubt = () => void fetch("/livez", { cache: "no-store" }).catch(() => session.doubt(ATTEMPTS_BEFORE_OFFLINE));
  addEventListener("online", nudge);
  addEventListener("offline", doubt);
  if (!navigator.onLine) doubt();
  return () => {
    removeEventListener("online", nudge);
    removeEventListener("offline", doubt);
    clearTimeout(painting);
    stopKeeping();
    session.stop();
  };
}
