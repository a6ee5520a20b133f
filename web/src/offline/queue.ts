/** Changes that wait for the server: kept in the browser, shown on the screen, sent in order when it answers. */
import { ProblemError } from "@devmentor/client";

import { api, body, problemOf, queryClient, type Answer } from "@/api/client";
import { waiting } from "@/api/keeping";
import { sessionQuery } from "@/api/queries";
import type { Session } from "@/api/types";
import { isAway } from "@/lib/offline";

import { hasSides, isConflict, type Change, type ChangeRequest, type Draft } from "./change";
import { holding } from "./held";
import { read } from "./kept";
import { patched } from "./patches";
import { replay } from "./replay";
import { ask, publishChanges, waitingChanges } from "./state";
import { stored } from "./store";

/** Sends a request that is data: its path was typed where it was made. */
export const call = ({ method, path, params, body: content }: ChangeRequest, key: string): Promise<unknown> =>
  body(
    (api[method] as unknown as (path: string, parts: object) => Promise<{ data?: unknown }>)(path, {
      params: { ...params, header: { "Idempotency-Key": key } },
      ...(content ? { body: content } : {}),
    }),
  );

/** The id of the person whose page this is, as far as it is known. */
const person = (): string | undefined => queryClient.getQueryData<Answer<Session>>(sessionQuery.queryKey)?.data.user.id;

/** Makes a change now or, while the server is out of reach, once it answers. */
export async function submit<T>(draft: Draft, foreseen: (key: string) => T): Promise<T> {
  const change: Change = { ...draft, user: person() ?? "", key: crypto.randomUUID(), at: Date.now() };
  // What is made on top of a change that waits has to wait as well.
  const behind = waitingChanges().some((each) => each.object === draft.object);
  if (!behind && !isAway()) {
    try {
      return (await call(change.request, change.key)) as T;
    } catch (error) {
      // A conflict is for the person to settle: what they wrote is kept for it.
      if (hasSides(change) && isConflict(problemOf(error))) {
        ask(change.key);
        await add({ ...change, trouble: problemOf(error) });
      }
      if (!(error instanceof ProblemError && error.unreachable)) throw error;
    }
  }
  await add(change);
  void replay();
  return foreseen(change.key);
}

/** What the server said to a change that was sent after it had waited. */
interface Answered {
  change: Change;
  answer: unknown;
}

/** By the change's key, whichever window has sent it. */
const answers = new Map<string, Answered>();

/** Where windows tell each other of them: the one that sends a change need not be the one that made it and may undo it. */
const windows = "BroadcastChannel" in globalThis ? new BroadcastChannel("devmentor.answers") : undefined;
windows?.addEventListener("message", ({ data }: MessageEvent<Answered>) => {
  if (data.change.user !== person()) return;
  answers.set(data.change.key, data);
  show(waitingChanges().filter(({ key }) => key !== data.change.key));
});

/** What became of changes that somebody takes back. */
export interface Withdrawn {
  /** Whether one still waited, and none was refused: nothing of it is sent any more. */
  dropped: boolean;
  /** Whether one is forgotten that the server did not take, or may have made long ago: what it has is to be looked at. */
  refused?: boolean;
  /** What the server said to one that was sent meanwhile: that is what has to be undone. */
  answer?: unknown;
}

/** Takes changes back that still wait. What is on its way is awaited first: only then it is known what there is to undo. */
export async function withdraw(which: (change: Change) => boolean): Promise<Withdrawn> {
  let [dropped, refused] = [false, false];
  for (const change of waitingChanges().filter(which)) {
    await holding(change.key, true, async () => undefined);
    // Whoever had it in hand may have got an answer to it.
    await load();
    const { trouble } = waitingChanges().find(({ key }) => key === change.key) ?? change;
    if (!(await drop(change))) continue;
    if (trouble) refused = true;
    else dropped = true;
  }
  if (refused) return { dropped: false, refused };
  if (dropped) return { dropped };
  const sent = [...answers.values()].findLast(({ change }) => which(change));
  return { dropped, ...(sent ? { answer: sent.answer } : {}) };
}

async function add(change: Change): Promise<void> {
  const order = await stored((store) => store.add("changes", change), undefined);
  show([...waitingChanges(), order === undefined ? change : { ...change, order }]);
}

/** Whether a change still waits: another window may have sent or dropped it. */
export async function waits({ key, order }: Change): Promise<boolean> {
  if (!waitingChanges().some((each) => each.key === key)) return false;
  if (order === undefined) return true;
  const kept = await stored<Change | "unread" | undefined>((store) => store.get("changes", order), "unread");
  return kept === "unread" || kept?.key === key;
}

/** Puts another state of a change in its place, if it still has one. */
export async function replace(change: Change): Promise<void> {
  if (!(await waits(change))) return;
  if (change.order !== undefined) await stored((store) => store.put("changes", change), undefined);
  show(waitingChanges().map((each) => (each.key === change.key ? change : each)));
}

/** A change is done with; `answer` is what the server said to it. */
export async function finish(change: Change, answer?: unknown): Promise<void> {
  const { order, key } = change;
  if (answer !== undefined) {
    answers.set(key, { change, answer });
    windows?.postMessage({ change, answer } satisfies Answered);
  }
  if (order !== undefined) await stored((store) => store.delete("changes", order), undefined);
  show(waitingChanges().filter((each) => each.key !== key));
}

/**
 * Drops a change because a person wants so: the lists are put back to what the server last said, and what waited behind it
 * is sent. What is on its way cannot be dropped, and neither can what was sent before: then it says no.
 */
export async function drop(change: Change): Promise<boolean> {
  const dropped = await holding(change.key, false, async (free) => {
    if (!free || !(await waits(change))) return false;
    await finish(change);
    return true;
  });
  if (dropped) await putBack(change.workspace);
  else await load();
  void replay();
  return dropped;
}

/**
 * Sends another change in the place of one that the server did not take. It is a new one, with a key and a time of its own.
 * One that another window has sent or dropped meanwhile has no place any more.
 */
export async function resend(refused: Change, change: Change): Promise<void> {
  const next = { ...change, key: crypto.randomUUID(), at: Date.now() };
  await holding(refused.key, true, async () => {
    if (!(await waits(refused))) return load();
    if (next.order !== undefined) await stored((store) => store.put("changes", next), undefined);
    show(waitingChanges().map((each) => (each.key === refused.key ? next : each)));
  });
  await replay();
}

/**
 * What waits, as the storage has it: another window may have added to it, or sent some. What another person left behind
 * is dropped.
 */
export async function load(): Promise<void> {
  const user = person();
  if (user === undefined) return;
  const all = await stored<Change[] | undefined>((store) => store.getAll("changes"), undefined);
  if (!all) return;
  // What the storage refused lasts as long as the page.
  const unstored = waitingChanges().filter((each) => each.order === undefined);
  show([...all, ...unstored].filter((each) => each.user === user));
  const left = all.flatMap(({ user: maker, order }) => (maker === user || order === undefined ? [] : [order]));
  if (left.length > 0) await stored((store) => Promise.all(left.map((order) => store.delete("changes", order))), undefined);
}

/** Sends what was not taken once more, because a person expects that it is taken now. */
export function again({ trouble: _over, ...change }: Change): Promise<void> {
  return resend(change, change);
}

/** Tells everybody what waits, and puts it on the screen. */
function show(changes: readonly Change[]): void {
  publishChanges(changes);
  waiting.put = changes.length === 0 ? undefined : (key, data) => patched(key, data, waitingChanges());
  for (const { queryKey, state } of queryClient.getQueryCache().findAll({ queryKey: ["w"] })) {
    const next = patched(queryKey, state.data, changes);
    if (next !== state.data) queryClient.setQueryData(queryKey, next, { updatedAt: state.dataUpdatedAt });
  }
}

/** Shows the lists as they were read last, with what still waits; the server is asked as well. */
async function putBack(workspace: string): Promise<void> {
  const lists = queryClient
    .getQueryCache()
    .findAll({ queryKey: ["w", workspace] })
    .filter(({ queryKey }) => ["tasks", "memories"].includes(String(queryKey[2])) || ["insights", "findings", "suppressions"].includes(String(queryKey[4])));
  for (const { queryKey } of lists) {
    const known = await read(queryKey);
    if (known) queryClient.setQueryData(queryKey, patched(queryKey, known.data, waitingChanges()), { updatedAt: known.at });
    void queryClient.invalidateQueries({ queryKey, exact: true });
  }
}
