/** Which boxes stand in one row, and in which order: the higher ones import the lower ones. */
import type { Chart } from "./chart";

/** An edge between two boxes that are shown, by the places of the boxes. */
interface Link {
  from: number;
  to: number;
  count: number;
}

/** Passes over the rows that move each box towards its neighbours. */
const SWEEPS = 4;

/**
 * The rows from top to bottom. A layer of the server whose boxes import each other in circles becomes several:
 * as few imports as possible then lead upwards.
 */
export function rowsOf(chart: Chart, shown: ReadonlySet<number>): number[][] {
  const links = chart.edges.filter((edge) => edge.from !== edge.to && shown.has(edge.from) && shown.has(edge.to));
  const layers = new Map<number, number[]>();
  const place = (index: number) => chart.nodes[index]?.x ?? 0;
  for (const index of [...shown].sort((a, b) => place(a) - place(b) || a - b)) {
    const layer = chart.nodes[index]?.layer;
    if (layer !== undefined) layers.set(layer, [...(layers.get(layer) ?? []), index]);
  }
  const rows = [...layers].sort(([a], [b]) => b - a).flatMap(([, members]) => unrolled(members, links));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) settle(rows, links, sweep % 2 === 1);
  return rows;
}

/** The members of a layer in rows, importers first. */
function unrolled(members: readonly number[], links: readonly Link[]): number[][] {
  const inside = new Set(members);
  const inner = links.filter((link) => inside.has(link.from) && inside.has(link.to));
  const order = sequence(members, inner);
  const at = new Map(order.map((index, position) => [index, position]));
  const depth = new Map<number, number>();
  for (const index of order) {
    const above = inner.filter((link) => link.to === index && (at.get(link.from) ?? 0) < (at.get(index) ?? 0));
    depth.set(index, Math.max(0, ...above.map((link) => (depth.get(link.from) ?? 0) + 1)));
  }
  const rows = Array.from({ length: Math.max(0, ...depth.values()) + 1 }, (): number[] => []);
  for (const index of members) rows[depth.get(index) ?? 0]?.push(index);
  return rows;
}

/**
 * An order in which little leads back: what is imported by nothing that is left goes first, what imports nothing goes
 * last, and otherwise the one that imports most more than it is imported. After Eades, Lin and Smyth, "A fast and
 * effective heuristic for the feedback arc set problem", 1993.
 */
function sequence(members: readonly number[], links: readonly Link[]): number[] {
  const left = new Set(members);
  const first: number[] = [];
  const last: number[] = [];
  const weight = (index: number, end: "from" | "to", other: "from" | "to") =>
    links.reduce((sum, link) => (link[end] === index && left.has(link[other]) && link[other] !== index ? sum + link.count : sum), 0);
  while (left.size > 0) {
    const state = [...left].map((index) => ({ index, out: weight(index, "from", "to"), into: weight(index, "to", "from") }));
    const sink = state.find((each) => each.out === 0);
    const source = state.find((each) => each.into === 0);
    const best = state.reduce((a, b) => (b.out - b.into > a.out - a.into ? b : a));
    const next = source ?? sink ?? best;
    if (next === sink && !source) last.unshift(next.index);
    else first.push(next.index);
    left.delete(next.index);
  }
  return [...first, ...last];
}

/** Orders each row by the middle of its neighbours in other rows, so that few ways cross. */
function settle(rows: number[][], links: readonly Link[], upwards: boolean): void {
  const position = new Map<number, number>();
  const note = (row: readonly number[]) => row.forEach((index, place) => position.set(index, (place + 0.5) / row.length));
  rows.forEach(note);
  const turns = upwards ? [...rows].reverse() : rows;
  for (const row of turns) {
    const wanted = new Map(
      row.map((index) => {
        const around = links.flatMap((link) => (link.from === index ? [link.to] : link.to === index ? [link.from] : [])).filter((other) => !row.includes(other));
        const sum = around.reduce((total, other) => total + (position.get(other) ?? 0.5), 0);
        return [index, around.length > 0 ? sum / around.length : (position.get(index) ?? 0.5)];
      }),
    );
    row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a - b);
    note(row);
  }
}
