/** Which boxes are open, as the address says it. */
import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import { MOST, type Chain } from "../diagram/open";

/**
 * The chains that an address names; what is no list of names is left out. No more than there can be open boxes: something
 * is drawn in each, and what is in each is asked for.
 */
export const chainsIn = (open: unknown): Chain[] => {
  const named = Array.isArray(open) ? open.filter((each): each is Chain => Array.isArray(each) && each.length > 0 && each.every((name) => typeof name === "string")) : [];
  return named.slice(0, MOST);
};

/** The chains of the boxes that are open, those opened last at the end; the same value until another one is. */
export function useOpened(): readonly Chain[] {
  const { open } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const text = JSON.stringify(chainsIn(open));
  return useMemo(() => chainsIn(JSON.parse(text)), [text]);
}

/**
 * The address with other boxes open, and all else as it was. What is changed is what the address says by then: a page may
 * be drawn later than that, and would bring back what was closed in between.
 */
export const opening =
  (change: (opened: readonly Chain[]) => readonly Chain[]) =>
  <S extends { open?: unknown }>({ open, ...rest }: S) => {
    const opened = change(chainsIn(open));
    return opened.length > 0 ? { ...rest, open: opened } : rest;
  };
