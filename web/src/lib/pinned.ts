import { useSyncExternalStore } from "react";

import { readSetting, writeSetting } from "./storage";

const SETTING = "pinned";
const listeners = new Set<() => void>();
let known: readonly string[] | undefined;

function read(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(readSetting(SETTING) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** Ids of the repositories that stay on top of the sidebar of this browser, in the order in which they were pinned. */
export const pinned = (): readonly string[] => (known ??= read());

/** Pins a repository, or takes the pin away. */
export function togglePin(id: string): void {
  known = pinned().includes(id) ? pinned().filter((each) => each !== id) : [...pinned(), id];
  writeSetting(SETTING, JSON.stringify(known));
  for (const listener of listeners) listener();
}

/** The same, for what shows them. */
export const usePinned = (): readonly string[] =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, pinned);

/** Pinned ones first, in their order; the others as they come. */
export function pinnedFirst<T extends { id: string }>(items: readonly T[], pins: readonly string[]): T[] {
  const on = pins.flatMap((id) => items.find((each) => each.id === id) ?? []);
  return [...on, ...items.filter((each) => !pins.includes(each.id))];
}
