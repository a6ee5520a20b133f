/** Lists that do not move under the pointer or the focus: what changed waits until somebody asks for it. */
import { useCallback, useMemo, useRef, useState } from "react";

import { ownChange } from "./own";

/** What of a list is shown, and what waits. */
export interface Steady<T> {
  shown: readonly T[];
  /** Rows that came, went or moved since. */
  waiting: number;
  /** Shows the list as it is. */
  apply: () => void;
  /** For the element around the list. */
  holding: {
    ref: (element: HTMLElement | null) => void;
    onPointerLeave: () => void;
    onBlur: () => void;
  };
}

/**
 * The rows as they stood, each as it is now where it is still in its place. A list that `grows` shows also what was read
 * on after them: nothing moves when it comes. Exported for tests.
 */
export function held<T>(before: readonly T[], now: readonly T[], keyOf: (item: T) => string, grows = false): { shown: readonly T[]; waiting: number } {
  const fresh = new Map(now.map((item) => [keyOf(item), item]));
  const old = new Set(before.map(keyOf));
  const last = now.findLastIndex((item) => old.has(keyOf(item)));
  const further = grows ? now.slice(last < 0 ? before.length : last + 1) : [];
  const shown = [...before.map((item) => fresh.get(keyOf(item)) ?? item), ...further];
  const came = now.filter((item) => !old.has(keyOf(item))).length - further.length;
  const went = before.length - before.filter((item) => fresh.has(keyOf(item))).length;
  // A row that moved both came and went.
  const changed = Math.max(came, went);
  const both = before.map(keyOf).filter((key) => fresh.has(key));
  const kept = now.map(keyOf).filter((key) => old.has(key));
  const moved = both.filter((key, at) => key !== kept[at]).length;
  return { shown, waiting: changed + moved };
}

/** Whether the rows that are shown still begin the list: then nothing moves. */
const begins = <T>(before: readonly T[], now: readonly T[], keyOf: (item: T) => string): boolean =>
  before.length <= now.length && before.every((item, at) => keyOf(item) === keyOf(now[at] as T));

/**
 * Holds a list still while the pointer or the focus is on it. `keyOf` says a row and its place, `scope` what the list
 * is of: another filter is another list. `grows` is for lists that are read page by page.
 */
export function useSteady<T>(items: readonly T[], keyOf: (item: T) => string, scope: string, grows = false): Steady<T> {
  const list = useRef<HTMLElement | null>(null);
  const last = useRef<{ scope: string; items: readonly T[] }>({ scope, items });
  const [, draw] = useState(0);

  // Asked of the page itself: an element that went away while it had the focus tells nobody.
  const busy = list.current !== null && (list.current.matches(":hover") || list.current.contains(document.activeElement));
  const same = last.current.scope === scope && last.current.items.length > 0;
  const result =
    busy && same && !ownChange() && !begins(last.current.items, items, keyOf) ? held(last.current.items, items, keyOf, grows) : { shown: items, waiting: 0 };
  last.current = { scope, items: result.shown };

  const apply = useCallback(() => {
    last.current = { scope: "", items: [] };
    draw((count) => count + 1);
  }, []);
  const holding = useMemo(() => {
    // Once nobody is on the list, it may move again. The focus has not arrived anywhere else yet.
    const left = () => void setTimeout(() => draw((count) => count + 1));
    return { ref: (element: HTMLElement | null) => void (list.current = element), onPointerLeave: left, onBlur: left };
  }, []);
  return { ...result, apply, holding };
}
