/** Columns of tables that a reader of this browser does not want to see. */
import { useSyncExternalStore } from "react";

import { readSetting, writeSetting } from "./storage";

const NONE: readonly string[] = [];
const listeners = new Set<() => void>();
const known = new Map<string, readonly string[]>();

const setting = (table: string) => `columns.${table}`;

function read(table: string): readonly string[] {
  try {
    const titles: unknown = JSON.parse(readSetting(setting(table)) ?? "[]");
    return Array.isArray(titles) ? titles.filter((each) => typeof each === "string") : NONE;
  } catch {
    return NONE;
  }
}

/** The titles of the columns of a table that are left out. */
export function leftOut(table: string): readonly string[] {
  const titles = known.get(table) ?? read(table);
  known.set(table, titles);
  return titles;
}

/** Leaves out other columns than before, or none. */
export function leaveOut(table: string, titles: readonly string[]): void {
  known.set(table, titles);
  writeSetting(setting(table), JSON.stringify(titles));
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The same, for what shows the table; a table without a name has all of its columns. */
export const useLeftOut = (table: string | undefined): readonly string[] =>
  useSyncExternalStore(subscribe, () => (table === undefined ? NONE : leftOut(table)));
