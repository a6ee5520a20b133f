/**
 * Going on when the access token has run out: one refresh for any number of requests and windows, then each request
 * once more. Where that is refused, the person is asked to sign in again over the page, and the requests wait for it.
 */
import { readSetting } from "@/lib/storage";

import { queryClient } from "./client";
import { OPENED } from "./keeping";
import { patient } from "./patient";
import { sessionQuery } from "./queries";
import { asking, leaving, noteSignedIn, REFRESHED } from "./signed-in";

/** Access tokens live for ten minutes. What is not a request of this program (a download, a socket) finds a fresh one. */
const FRESH_MS = 8 * 60_000;
const LOOK_MS = 30_000;

/** Whether this page has somebody signed in, as far as it knows. */
export const believed = (): boolean => queryClient.getQueryData(sessionQuery.queryKey) !== undefined;

/** What becomes of a request that was sent at that time, and refused. */
export async function goOn(request: Request, refusal: Response, sent: number): Promise<Response> {
  const code = await codeOf(refusal);
  const ended = code === "signed_out" && believed();
  if (code !== "access_expired" && !ended) return refusal;
  // If what another window got does not help, this one asks for itself.
  for (const since of [sent, Number.POSITIVE_INFINITY]) {
    if (!(await refreshed(since))) break;
    const reply = await patient(request.clone());
    if (reply.status !== 401) return reply;
  }
  if (!believed() || leaving.now) return refusal;
  asking.now = true;
  try {
    const { signInAgain } = await import("@/account/sign-in-again");
    await signInAgain();
  } finally {
    asking.now = false;
  }
  return patient(request);
}

const codeOf = async (reply: Response): Promise<unknown> =>
  ((await reply.clone().json().catch(() => ({}))) as { code?: unknown }).code;

let refreshing: Promise<boolean> | undefined;

/** Sees to it that there is an access token that is newer than that; whether the session goes on. */
function refreshed(since: number): Promise<boolean> {
  refreshing ??= alone(() => refresh(since)).finally(() => (refreshing = undefined));
  return refreshing;
}

/** There is no lock where the page is not in a secure context; then the server allows for two that come at once. */
const alone = async (run: () => Promise<boolean>): Promise<boolean> =>
  "locks" in navigator ? await navigator.locks.request("devmentor.session", run) : run();

async function refresh(since: number): Promise<boolean> {
  if (Number(readSetting(REFRESHED)) >= since) return true;
  const reply = await fetch("/api/v1/auth/refresh", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  if (reply.ok) noteSignedIn();
  // Whoever asked treats it like a server that does not answer, and tries again.
  else if (reply.status !== 401) throw new Error(`The session could not be refreshed: ${reply.status}`);
  return reply.ok;
}

/** Finds out whether the session still holds, for what cannot tell: a socket only breaks. */
export async function stillSignedIn(): Promise<void> {
  const request = new Request("/api/v1/session", { cache: "no-store" });
  const sent = Date.now();
  const reply = await fetch(request.clone()).catch(() => undefined);
  if (reply?.status === 401 && !leaving.now) await goOn(request, reply, sent).catch(() => undefined);
}

/** Refreshes ahead of time while the page is looked at; the returned function stops that. */
export function keepFresh(): () => void {
  const look = () => {
    // Where nothing is known of it, it is taken to be as old as the page; a request that fails knows better.
    const old = Date.now() - (Number(readSetting(REFRESHED)) || OPENED) > FRESH_MS;
    if (old && document.visibilityState === "visible") void refreshed(Date.now() - FRESH_MS).catch(() => undefined);
  };
  const timer = setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
