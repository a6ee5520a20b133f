/** Which boxes are open, as the address says it. */
import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import type { Chain } from "../diagram/open";

/** The chains of the boxes that are open, those opened last at the end; the same value until another one is. */
export function useOpened(): readonly Chain[] {
  const { open } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const text = JSON.stringify(open ?? []);
  return useMemo(() => JSON.parse(text) as Chain[], [text]);
}

/** The address with other boxes open, and all else as it was. */
export const opening =
  (opened: readonly Chain[]) =>
  <S extends { open?: readonly Chain[] }>({ open: _open, ...rest }: S) =>
    opened.length > 0 ? { ...rest, open: opened } : rest;
