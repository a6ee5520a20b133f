import { useMemo } from "react";

import { circular, strongest } from "./chart";
import { drawOpen, type Drawing } from "./layout";
import { isWanted, outermost, withContents, type OpenChart } from "./open";

interface Drawn {
  /** The boxes of the level, and those of them that are drawn. */
  level: readonly number[];
  top: readonly number[];
  /** All that is drawn, at every depth. */
  shown: ReadonlySet<number>;
  /** The arrows that are part of a circle. */
  circles: ReadonlySet<number>;
  drawing: Drawing;
  /** How many arrows there are between the boxes that are drawn. */
  total: number;
}

/** What is drawn of a chart: the boxes of the level that are in `base`, and what is chosen or open whatever else is. */
export function useDrawn(chart: OpenChart, base: ReadonlySet<number>, selected: number): Drawn {
  const { edges, spots } = chart;
  const level = useMemo(() => outermost(chart), [chart]);
  const open = (index: number) => {
    const spot = spots[index];
    return spot !== undefined && isWanted(spot);
  };
  // As a text: `top` stays the same value while the same boxes are drawn.
  const added = level.filter((index) => !base.has(index) && (index === selected || open(index))).join(" ");
  const top = useMemo(() => [...base, ...added.split(" ").filter(Boolean).map(Number)].sort((a, b) => a - b), [base, added]);
  const circles = useMemo(() => circular(chart), [chart]);
  const [shown, drawing, total] = useMemo(() => {
    const shown = new Set(withContents(chart, top));
    // Opening a box changes nothing about the arrows around it.
    const groups = [top, ...[...shown].map((index) => spots[index]?.holds ?? [])];
    const strong = new Set(groups.flatMap((group) => [...strongest(chart, new Set(group), circles)]));
    const total = edges.filter(({ from, to }) => from !== to && shown.has(from) && shown.has(to)).length;
    return [shown, drawOpen(chart, shown, (edge) => strong.has(edge)), total] as const;
  }, [chart, edges, spots, top, circles]);
  return { level, top, shown, circles, drawing, total };
}
