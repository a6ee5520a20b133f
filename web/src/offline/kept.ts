/** What was read before, for when there is no answer: a bounded copy in this browser, for one person. */
import { hashKey, type Query, type QueryKey } from "@tanstack/react-query";

import { queryClient } from "@/api/client";
import { forgotten, waiting } from "@/api/keeping";
import { SAMPLE } from "@/api/workspace";
import type { Session } from "@/api/types";

import { publishChanges, waitingChanges } from "./state";
import { stored, type Store } from "./store";

/** A digest of the interface's document, put in by the build. */
declare const __CONTRACT__: string;

/** How long something is kept, and how much of it at most, in characters. */
const DAYS_MS = 14 * 86_400_000;
const MOST = 50_000_000;
/** Writes after which the bounds are looked at again. */
const WRITES = 100;

/**
 * What is kept, by the place in the cache that it is read into. Code, and secrets of the past, are not among it, and
 * what is not named here is not kept.
 */
const LISTS = new Set(["repos", "tasks", "settings", "advisories", "analysis", "memories"]);
const OF_A_REPO = new Set([
  "self", "report", "insights", "findings", "suppressions", "hotspots", "dependencies", "graph", "diagram",
  "ownership", "analyses", "compare", "explain",
]);

/** Whether an answer may be kept. The sample is everybody's, and needs no storage. */
export function isKept([first, workspace, list, place, part]: QueryKey): boolean {
  if (first === "session" || first === "server") return true;
  if (first !== "w" || workspace === SAMPLE) return false;
  // What somebody asked, often an error with what is around it, stays nowhere.
  if (list === "memories" && place === "recall") return false;
  return LISTS.has(String(list)) || (list === "repo" && OF_A_REPO.has(String(part)));
}

let writes = 0;

/** Keeps an answer. One of another person takes the place of everything that was kept before. */
export async function keep(query: Pick<Query, "queryKey">, data: unknown): Promise<void> {
  const { queryKey } = query;
  if (!isKept(queryKey)) return;
  if (queryKey[0] === "session") await makeRoomFor(data as { data: Session });
  const text = JSON.stringify(data);
  await stored(async (store) => {
    await store.put("kept", { key: hashKey(queryKey), at: Date.now(), contract: __CONTRACT__, text });
    if (writes++ % WRITES === 0) await bound(store);
  }, undefined);
}

/** Puts what is kept into the cache, with the time at which it was read, unless something newer came. */
export async function recall(query: Query): Promise<void> {
  const found = isKept(query.queryKey) ? await read(query.queryKey) : undefined;
  if (!found || query.state.data !== undefined) return;
  const data = waiting.put ? waiting.put(query.queryKey, found.data) : found.data;
  query.setData(data, { updatedAt: found.at, manual: true });
}

/** What was read last at a place of the cache, as the server said it. */
export const read = (queryKey: QueryKey): Promise<{ data: unknown; at: number } | undefined> =>
  stored<{ data: unknown; at: number } | undefined>(async (store) => {
    const kept = await store.get("kept", hashKey(queryKey));
    if (!kept || kept.contract !== __CONTRACT__ || kept.at < Date.now() - DAYS_MS) return undefined;
    return { data: JSON.parse(kept.text) as unknown, at: kept.at };
  }, undefined);

/** Forgets everything: what was read, and what waits to be sent. */
export async function forget(): Promise<void> {
  forgotten.times += 1;
  publishChanges([]);
  waiting.put = undefined;
  await stored(async (store) => {
    await Promise.all([store.clear("kept"), store.clear("changes")]);
  }, undefined);
}

/** Forgets what was kept of a workspace that is gone, and what waits to be sent to it. */
export async function forgetWorkspace(slug: string): Promise<void> {
  const inside = hashKey(["w", slug]).slice(0, -1);
  const [mine, others] = [waitingChanges().filter(({ workspace }) => workspace === slug), waitingChanges().filter(({ workspace }) => workspace !== slug)];
  publishChanges(others);
  await stored(async (store) => {
    const keys = (await store.getAllKeys("kept")).filter((key) => key === hashKey(["session", slug]) || key === `${inside}]` || key.startsWith(`${inside},`));
    const orders = mine.flatMap(({ order }) => order ?? []);
    await Promise.all([...keys.map((key) => store.delete("kept", key)), ...orders.map((order) => store.delete("changes", order))]);
  }, undefined);
}

/** Forgets what was kept for another person than the one of this session, however old it is. */
async function makeRoomFor({ data: { user } }: { data: Session }): Promise<void> {
  const before = await stored((store) => store.get("kept", hashKey(["session"])), undefined);
  if (!before || ownerOf(before.text) === user.id) return;
  await forget();
  queryClient.removeQueries({ queryKey: ["w"] });
}

/** Whose session was stored; another version may have stored something else. */
const ownerOf = (text: string): string | undefined => (JSON.parse(text) as { data?: Partial<Session> }).data?.user?.id;

/** Takes out what is too old, and the oldest of what is too much. */
async function bound(store: Store): Promise<void> {
  const oldest = Date.now() - DAYS_MS;
  let size = 0;
  const all = store.transaction("kept", "readwrite").store.index("at");
  for (let each = await all.openCursor(null, "prev"); each; each = await each.continue()) {
    size += each.value.text.length;
    if (size > MOST || each.value.at < oldest) await each.delete();
  }
}
