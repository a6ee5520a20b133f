/** Where memories lie in the cache, and how one of them changes in everything that shows it. */
import type { InfiniteData } from "@tanstack/react-query";

import type { Answer } from "./client";
import type { Memory, MemoryPage, RecalledMemory } from "./types";

/** Everything about a workspace's memories lives below this key. */
export const memoriesKey = (workspace: string) => ["w", workspace, "memories"] as const;

/** A memory that changes, or one more. */
export type MemoryPatch = { id: string; change: (memory: Memory) => Memory } | { added: Memory };

/** What was read at one place below the key: pages of a list, what was recalled, or one memory. */
type Known = InfiniteData<MemoryPage> | { items: RecalledMemory[] } | Answer<Memory> | undefined;

/** The same with a change in it. One more begins the list, and is nowhere else. */
export function inMemories(data: unknown, patch: MemoryPatch): unknown {
  const known = data as Known;
  if (!known) return known;
  if ("added" in patch) {
    if (!("pages" in known) || known.pages.some((page) => page.items.some((each) => each.id === patch.added.id))) return known;
    return { ...known, pages: known.pages.map((page, at) => (at === 0 ? { ...page, items: [patch.added, ...page.items], total: page.total + 1 } : page)) };
  }
  const next = (memory: Memory): Memory => (memory.id === patch.id ? patch.change(memory) : memory);
  if ("pages" in known) return { ...known, pages: known.pages.map((page) => ({ ...page, items: page.items.map(next) })) };
  if ("items" in known) return { ...known, items: known.items.map((each) => ({ ...each, memory: next(each.memory) })) };
  return { ...known, data: next(known.data) };
}
