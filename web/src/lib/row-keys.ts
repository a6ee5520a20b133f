import { useEffect } from "react";

import { meant, singleKeys, useKeys } from "./keys";

/** What the row that has the focus stands for, as its `data-id` says. */
const focusedId = (): string | undefined => {
  const row = document.activeElement instanceof HTMLElement ? document.activeElement.closest("tr") : null;
  return row?.querySelector<HTMLElement>("[data-id]")?.dataset["id"];
};

interface Choosing {
  /** Whether anything can be chosen here. */
  may: boolean;
  toggle: (id: string) => void;
  /** Adds one to those that are chosen. */
  add: (id: string) => void;
  /** Chooses every row that was read. */
  listed: () => void;
}

/** The keys that choose rows of a table: X one, Shift J and K several, Ctrl A all. */
export function useRowKeys({ may, toggle, add, listed }: Choosing): void {
  // Before the list's own key moves on: the row itself, and then the one it has moved to.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || !may || !singleKeys()) return;
      const key = meant(event.key.toLowerCase());
      const id = focusedId();
      if ((key !== "j" && key !== "k") || id === undefined) return;
      add(id);
      setTimeout(() => {
        const next = focusedId();
        if (next !== undefined) add(next);
      });
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
}
