/** Sends what waits, one after the other: what changes the same thing in the order in which it was made. */
import type { Problem } from "@devmentor/client";

import { problemOf, queryClient } from "@/api/client";
import { OPENED } from "@/api/keeping";
import { sessionQuery } from "@/api/queries";
import { noteOwnChange } from "@/live/own";
import { renew } from "@/live/renew";
import { offline as texts } from "@/texts/offline";
import { toast } from "@/ui/toast";

import { isConflict, isOld, OLD, onVersion, versionOf, type Change } from "./change";
import { holding } from "./held";
import { call, finish, load, replace, waits } from "./queue";
import { ask, waitingChanges } from "./state";

/** The pauses between two tries, in milliseconds. */
const FIRST_MS = 2000;
const LONGEST_MS = 60_000;

/** How long after a change its maker is taken to be still at it, in milliseconds. */
const AT_IT_MS = 10_000;

let running: Promise<void> | undefined;
let wanted = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let pause = FIRST_MS;

/**
 * Sends what waits. Only one page of a browser does so at a time. Asked for while it is at it, it begins once more after
 * that: what a person has settled meanwhile was passed over.
 */
export function replay(): Promise<void> {
  if (running) {
    wanted = true;
    return running;
  }
  running = untilSettled();
  return running;
}

async function untilSettled(): Promise<void> {
  try {
    do {
      wanted = false;
      await alone(sendAll);
    } while (wanted);
  } finally {
    running = undefined;
  }
}

/** There is no lock where the page is not in a secure context; then the idempotency keys alone see to it. */
const alone = async (run: () => Promise<void>): Promise<void> => {
  await ("locks" in navigator ? navigator.locks.request("devmentor.changes", run) : run());
};

async function sendAll(): Promise<void> {
  clearTimeout(timer);
  // Who is signed in may be another than whose session was stored.
  if ((queryClient.getQueryState(sessionQuery.queryKey)?.dataUpdatedAt ?? 0) < OPENED) return later(null);
  await load();
  const stuck = new Set(waitingChanges().filter((each) => each.trouble).map((each) => each.object));
  let [saved, refused] = [0, 0];
  const workspaces = new Set<string>();
  for (;;) {
    const next = waitingChanges().find((each) => !stuck.has(each.object));
    if (!next) break;
    const trouble = await holding(next.key, true, () => sendOne(next));
    if (trouble === "gone") {
      await load();
      // Where the storage does not say more, it is looked at again the next time.
      if (waitingChanges().includes(next)) stuck.add(next.object);
      continue;
    }
    if (trouble && isForLater(trouble.status, trouble.code)) {
      later(trouble.retry_after);
      break;
    }
    workspaces.add(next.workspace);
    if (trouble) stuck.add(next.object);
    if (trouble) refused += 1;
    else saved += 1;
  }
  if (saved + refused === 0) return;
  for (const workspace of workspaces) void renew(queryClient, { queryKey: ["w", workspace] });
  toast(texts.sent(saved, refused));
}

/** Sends one change, which nobody else has in hand meanwhile: why it was not taken, or that it does not wait any more. */
async function sendOne(next: Change): Promise<Problem | "gone" | undefined> {
  if (!(await waits(next))) return "gone";
  // The server may have made it long ago without this page having heard of it, and does not know any more.
  if (isOld(next)) return refuse(next, { ...problemOf(texts.old), code: OLD });
  try {
    const answer = await call(next.request, next.key);
    noteOwnChange();
    await finish(next, answer ?? null);
    await goOn(next, answer);
    return undefined;
  } catch (error) {
    const problem = problemOf(error);
    return isForLater(problem.status, problem.code) ? problem : refuse(next, problem);
  }
}

/** Keeps a change that was not taken, with the reason, until a person has decided. */
async function refuse(change: Change, trouble: Problem): Promise<Problem> {
  if (isConflict(trouble) && Date.now() - change.at < AT_IT_MS) ask(change.key);
  await replace({ ...change, trouble });
  return trouble;
}

/** Nobody answered, nobody is signed in, or the server failed or asks for patience: the change itself is as good as it was. */
const isForLater = (status: number, code: string): boolean =>
  [401, 408, 429, 500, 502, 503, 504].includes(status) || code === "unreachable" || code === "in_progress";

function later(retryAfter: number | null): void {
  timer = setTimeout(() => void replay(), retryAfter ? retryAfter * 1000 : pause);
  pause = Math.min(LONGEST_MS, pause * 2);
}

/** The connection is back: no reason to wait longer. */
export function replayNow(): void {
  pause = FIRST_MS;
  void replay();
}

/**
 * What waits for the same thing and was made on the same version of it, was made on top of this one: it is sent for the
 * version that came of it. What was made on another has not seen what came between, and is refused for a person to look at.
 */
async function goOn(done: Change, answer: unknown): Promise<void> {
  const version = (answer as { version?: unknown } | undefined)?.version;
  if (typeof version !== "number") return;
  const onTop = waitingChanges().filter((each) => each.object === done.object && versionOf(each) === versionOf(done));
  for (const each of onTop) await replace(onVersion(each, version));
}
