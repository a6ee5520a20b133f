import { useEffect, useState } from "react";

import type { Finding } from "@/api/types";
import { meant, singleKeys, useKeys } from "@/lib/keys";

/** Which rows are chosen: some by id, or all that pass the filter, also those that were not read yet. */
export interface Selection {
  ids: ReadonlySet<string>;
  all: boolean;
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  /** Chooses every row that was read. */
  listed: () => void;
  /** Chooses every row that passes the filter. */
  everything: () => void;
  clear: () => void;
}

const NONE: ReadonlySet<string> = new Set();

/** The finding whose row has the focus, or is shown beside the list. */
const focusedId = (): string | undefined => {
  const row = document.activeElement instanceof HTMLElement ? document.activeElement.closest("tr") : null;
  return row?.querySelector<HTMLElement>("[data-id]")?.dataset["id"];
};

/** The rows that are chosen on a page, with the keys for them; another filter (`scope`) begins anew. */
export function useSelection(items: readonly Finding[], scope: string, may: boolean): Selection {
  const [state, setState] = useState<{ scope: string; ids: ReadonlySet<string>; all: boolean }>({ scope, ids: NONE, all: false });
  const current = state.scope === scope ? state : { scope, ids: NONE, all: false };
  const set = (ids: ReadonlySet<string>, all = false) => setState({ scope, ids, all });
  const add = (id: string | undefined) => id !== undefined && setState((old) => ({ scope, all: false, ids: new Set([...(old.scope === scope ? old.ids : NONE), id]) }));
  const toggle = (id: string) => {
    const ids = new Set(current.ids);
    if (!ids.delete(id)) ids.add(id);
    set(ids);
  };
  const listed = () => set(new Set(items.map((each) => each.id)));

  // Before the list's own key moves on: the row itself, and then the one it has moved to.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || !may || !singleKeys()) return;
      const key = meant(event.key.toLowerCase());
      if ((key !== "j" && key !== "k") || focusedId() === undefined) return;
      add(focusedId());
      setTimeout(() => add(focusedId()));
    };
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  });
  useKeys({
    x: () => {
      const id = focusedId();
      if (may && id !== undefined) toggle(id);
      return may && id !== undefined;
    },
  });
  // With the focus on a row Ctrl A means the rows; everywhere else it means the text, as always.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "a" || event.ctrlKey === event.metaKey || event.altKey || event.shiftKey) return;
      if (!may || focusedId() === undefined) return;
      event.preventDefault();
      listed();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });

  return {
    ids: current.ids,
    all: current.all,
    has: (id) => current.all || current.ids.has(id),
    toggle: (id) => (current.all ? set(new Set(items.map((each) => each.id).filter((each) => each !== id))) : toggle(id)),
    listed,
    everything: () => set(new Set(items.map((each) => each.id)), true),
    clear: () => set(NONE),
  };
}
