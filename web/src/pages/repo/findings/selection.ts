import { useState } from "react";

import type { Finding } from "@/api/types";
import { useRowKeys } from "@/lib/row-keys";

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

/** The rows that are chosen on a page, with the keys for them; another filter (`scope`) begins anew. */
export function useSelection(items: readonly Finding[], scope: string, may: boolean): Selection {
  const [state, setState] = useState<{ scope: string; ids: ReadonlySet<string>; all: boolean }>({ scope, ids: NONE, all: false });
  const current = state.scope === scope ? state : { scope, ids: NONE, all: false };
  const set = (ids: ReadonlySet<string>, all = false) => setState({ scope, ids, all });
  const add = (id: string) => setState((old) => ({ scope, all: false, ids: new Set([...(old.scope === scope ? old.ids : NONE), id]) }));
  const toggle = (id: string) => {
    const ids = new Set(current.ids);
    if (!ids.delete(id)) ids.add(id);
    set(ids);
  };
  const listed = () => set(new Set(items.map((each) => each.id)));
  useRowKeys({ may, toggle, add, listed });

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
