/**
 * Where the boxes of a diagram stand, and the ways between them. The layers come from the server; which boxes are
 * shown is decided here, so the rows are packed here too.
 */
import type { Chart, ChartNode } from "./chart";
import type { OpenChart } from "./open";
import { rowsOf } from "./rows";

export interface Box {
  /** The place of the node in the chart. */
  index: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Point = readonly [x: number, y: number];

export interface Route {
  /** The place of the edge in the chart. */
  index: number;
  /** From the importer to what it imports. */
  points: Point[];
}

export interface Drawing {
  /** The boxes in an open box come after it. */
  boxes: Box[];
  routes: Route[];
  /** Its left edge: below 0 where ways lead around the left end of a row. No box moves when another way is led. */
  left: number;
  width: number;
  height: number;
  /** The rows of the level, and those in each open box: other ways can be led through them. */
  groups: Row[][];
}

/** One row: its boxes from left to right, and the strip that no box of another row reaches into. */
export interface Row {
  boxes: Box[];
  top: number;
  bottom: number;
}

/** How large boxes are that hold others. */
type Sizes = ReadonlyMap<number, Pick<Box, "width" | "height">>;

/** A way that is not drawn yet: it leaves the upper row downwards and arrives at the lower one. */
interface Way {
  index: number;
  reversed: boolean;
  upper: number;
  lower: number;
  start: number;
  end: number;
  /** Rows between the two, each with the gap that the way takes and its place in it. */
  passes: { row: number; gap: number; x: number }[];
}

/** Diagram units: one is a pixel at the natural size. */
const GAP_X = 48;
const GAP_Y = 76;
/** Between rows that no way leads through. */
const GAP_ROWS = 24;
/** A row that is wider becomes several: more than this is out of sight in most windows. */
const ROW_WIDTH = 1080;
/** The same in an open box: a frame that is about as high as wide pushes the least out of sight. */
const INNER_WIDTH = 640;
/** Between a way around the end of a row and that row, and between two such ways. */
const LANE = 10;
/** Between a frame and what is in it; its name stands in the strip above. */
const PAD = 20;
export const HEAD = 40;

/** The boxes with the most imports from and to others; the larger ones first where that is equal. */
export function heaviest({ nodes, edges }: Chart, count: number): Set<number> {
  const weight = nodes.map(() => 0);
  for (const edge of edges) {
    for (const end of [edge.from, edge.to]) weight[end] = (weight[end] ?? 0) + edge.count;
  }
  const order = nodes.map(({ height }, index) => ({ index, weight: weight[index] ?? 0, height }));
  order.sort((a, b) => b.weight - a.weight || b.height - a.height || a.index - b.index);
  return new Set(order.slice(0, count).map((each) => each.index));
}

/** More boxes than this are not drawn at once, unless somebody asks for all. */
export const SHOWN = 16;
/** A few more are better shown than hidden. */
const SPARE = 4;

/** Whether a level has so many boxes that only some are drawn at first. Where nothing leads from one to another, no box is more than the others. */
export const isMany = ({ nodes, edges }: Chart): boolean => edges.length > 0 && nodes.length > SHOWN + SPARE;

/** The boxes of a level that are drawn at first. */
export function seenFirst(chart: Chart, all: boolean): Set<number> {
  const { nodes } = chart;
  if (!isMany(chart) || all) return new Set(nodes.keys());
  // What is not read is said however little is shown.
  return new Set([...heaviest(chart, SHOWN), ...[...nodes.keys()].filter((index) => nodes[index]?.unread)]);
}

/** Places the boxes that are shown, and leads the edges that are wanted between two of them around all the others. */
export function draw(chart: Chart, shown: ReadonlySet<number>, wanted: (edge: number) => boolean = () => true, sizes: Sizes = new Map(), rowWidth = ROW_WIDTH): Drawing {
  const rows = pack(chart, shown, sizes, rowWidth);
  const boxes = rows.flatMap((row) => row.boxes);
  const routes = lead(chart, rows, wanted);
  const xs = [...boxes.flatMap((box) => [box.x, box.x + box.width]), ...routes.flatMap((route) => route.points.map(([x]) => x))];
  const ys = [...rows.map((row) => row.bottom), ...routes.flatMap((route) => route.points.map(([, y]) => y))];
  const left = Math.min(0, ...xs);
  return { boxes, routes, left, width: Math.max(0, ...xs) - left, height: Math.max(0, ...ys), groups: [rows] };
}

/**
 * The same with what is in the open boxes inside of their frames, as it would stand by itself. A box that is opened keeps
 * its corner, and so does everything left of it and above; what is to its right or below moves away, in its order.
 */
export function drawOpen(chart: OpenChart, shown: ReadonlySet<number>, wanted: (edge: number) => boolean): Drawing {
  const inside = (members: readonly number[], rowWidth: number): Drawing => {
    const contents = members.flatMap((index) => {
      const holds = (chart.spots[index]?.holds ?? []).filter((each) => shown.has(each));
      return holds.length > 0 ? [{ index, drawing: inside(holds, INNER_WIDTH) }] : [];
    });
    const sizes = new Map(contents.map(({ index, drawing }) => [index, { width: drawing.width + 2 * PAD, height: drawing.height + HEAD + PAD }]));
    const outer = draw(chart, new Set(members), wanted, sizes, rowWidth);
    const inner = contents.flatMap(({ index, drawing }) => {
      const frame = outer.boxes.find((box) => box.index === index);
      return frame ? [moved(drawing, frame.x + PAD - drawing.left, frame.y + HEAD)] : [];
    });
    return {
      ...outer,
      boxes: [...outer.boxes, ...inner.flatMap((each) => each.boxes)],
      routes: [...outer.routes, ...inner.flatMap((each) => each.routes)],
      groups: [...outer.groups, ...inner.flatMap((each) => each.groups)],
    };
  };
  return inside([...shown].filter((index) => chart.spots[index]?.within === -1), ROW_WIDTH);
}

/** A drawing at another place. */
function moved({ routes, groups, left, ...rest }: Drawing, dx: number, dy: number): Drawing {
  const placed = groups.map((rows) =>
    rows.map(({ boxes, top, bottom }) => ({ boxes: boxes.map((box) => ({ ...box, x: box.x + dx, y: box.y + dy })), top: top + dy, bottom: bottom + dy })),
  );
  return {
    ...rest,
    left: left + dx,
    boxes: placed.flatMap((rows) => rows.flatMap((row) => row.boxes)),
    routes: routes.map(({ index, points }) => ({ index, points: points.map(([x, y]): Point => [x + dx, y + dy]) })),
    groups: placed,
  };
}

/** Leads the edges that are wanted between two boxes of the same rows. */
export function lead(chart: Chart, rows: readonly Row[], wanted: (edge: number) => boolean): Route[] {
  const ways = plan(chart, rows, wanted);
  spreadPorts(ways, rows, chart);
  spreadLanes(ways, rows);
  return ways.map((way) => ({ index: way.index, points: trace(way, rows, chart) }));
}

/** The rows from top to bottom, each in the middle as long as its boxes are closed: those that grow, grow to the right and down. */
function pack(chart: Chart, shown: ReadonlySet<number>, sizes: Sizes, rowWidth: number): Row[] {
  const { nodes } = chart;
  const lines = rowsOf(chart, shown).flatMap((row) => broken(row, nodes, rowWidth));
  const widthOf = (line: readonly number[]) =>
    line.reduce((sum, index) => sum + (nodes[index]?.width ?? 0), GAP_X * (line.length - 1));
  const widest = Math.max(0, ...lines.map(widthOf));
  const led = chart.edges.some(({ from, to }) => shown.has(from) && shown.has(to));

  let y = 0;
  return lines.map((line) => {
    let x = Math.round((widest - widthOf(line)) / 2);
    const boxes = line.map((index) => {
      const [node, size] = [nodes[index], sizes.get(index)];
      const box = { index, x, y, width: Math.max(node?.width ?? 0, size?.width ?? 0), height: Math.max(node?.height ?? 0, size?.height ?? 0) };
      x += box.width + GAP_X;
      return box;
    });
    const row = { boxes, top: y, bottom: y + Math.max(...boxes.map((box) => box.height)) };
    y = row.bottom + (led ? GAP_Y : GAP_ROWS);
    return row;
  });
}

/** A row in lines of about the same length, none much wider than a window. */
function broken(layer: readonly number[], nodes: readonly ChartNode[], rowWidth: number): number[][] {
  const width = layer.reduce((sum, index) => sum + (nodes[index]?.width ?? 0) + GAP_X, 0);
  const size = Math.ceil(layer.length / Math.max(1, Math.ceil(width / rowWidth)));
  return Array.from({ length: Math.ceil(layer.length / size) }, (_, line) => layer.slice(line * size, (line + 1) * size));
}

const rowOf = (rows: readonly Row[], node: number): number => rows.findIndex((row) => row.boxes.some((box) => box.index === node));

const boxOf = (rows: readonly Row[], node: number): Box | undefined =>
  rows.flatMap((row) => row.boxes).find((box) => box.index === node);

const middle = (box: Box): number => box.x + box.width / 2;

/** The middles of the gaps of a row; the first and the last are beside it. */
function gaps(row: Row): number[] {
  const first = row.boxes[0];
  const last = row.boxes.at(-1);
  if (!first || !last) return [0];
  const between = row.boxes.slice(1).map((box) => box.x - GAP_X / 2);
  return [first.x - GAP_X / 2, ...between, last.x + last.width + GAP_X / 2];
}

/** For every edge, the gaps through which it passes the rows on its way: those nearest to the straight line. */
function plan(chart: Chart, rows: readonly Row[], wanted: (edge: number) => boolean): Way[] {
  return chart.edges.flatMap((edge, index) => {
    if (!wanted(index)) return [];
    const [from, to] = [rowOf(rows, edge.from), rowOf(rows, edge.to)];
    const [a, b] = [boxOf(rows, edge.from), boxOf(rows, edge.to)];
    if (!a || !b || edge.from === edge.to) return [];
    const reversed = from > to;
    const [upper, lower] = reversed ? [to, from] : [from, to];
    const [start, end] = reversed ? [middle(b), middle(a)] : [middle(a), middle(b)];
    const passes = rows.slice(upper + 1, Math.max(upper + 1, lower)).map((row, offset) => {
      const wanted = start + ((end - start) * (offset + 1)) / (lower - upper);
      const choice = gaps(row);
      let gap = 0;
      choice.forEach((x, each) => {
        if (Math.abs(x - wanted) < Math.abs((choice[gap] ?? 0) - wanted)) gap = each;
      });
      return { row: upper + 1 + offset, gap, x: choice[gap] ?? wanted };
    });
    return [{ index, reversed, upper, lower, start, end, passes }];
  });
}

/** Gives the ways at one side of a box places of their own, in the order in which they go on. */
function spreadPorts(ways: readonly Way[], rows: readonly Row[], chart: Chart): void {
  const sides = new Map<string, { toward: number; set: (x: number) => void; box: Box }[]>();
  const add = (node: number, side: string, toward: number, set: (x: number) => void) => {
    const box = boxOf(rows, node);
    if (box) sides.set(`${node} ${side}`, [...(sides.get(`${node} ${side}`) ?? []), { toward, set, box }]);
  };
  for (const way of ways) {
    const edge = chart.edges[way.index];
    if (!edge) continue;
    const [top, bottom] = way.reversed ? [edge.to, edge.from] : [edge.from, edge.to];
    add(top, "below", way.passes[0]?.x ?? way.end, (x) => (way.start = x));
    add(bottom, way.upper === way.lower ? "below" : "above", way.passes.at(-1)?.x ?? way.start, (x) => (way.end = x));
  }
  for (const ports of sides.values()) {
    ports.sort((a, b) => a.toward - b.toward);
    ports.forEach(({ set, box }, place) => set(box.x + (box.width * (place + 1)) / (ports.length + 1)));
  }
}

/** Gives the ways through one gap lanes of their own. */
function spreadLanes(ways: readonly Way[], rows: readonly Row[]): void {
  const lanes = new Map<string, { pass: Way["passes"][number]; from: number }[]>();
  for (const way of ways) {
    let from = way.start;
    for (const pass of way.passes) {
      const key = `${pass.row} ${pass.gap}`;
      lanes.set(key, [...(lanes.get(key) ?? []), { pass, from }]);
      from = pass.x;
    }
  }
  for (const users of lanes.values()) {
    users.sort((a, b) => a.from - b.from);
    const row = rows[users[0]?.pass.row ?? 0];
    const last = row ? gaps(row).length - 1 : 0;
    users.forEach(({ pass }, place) => {
      if (pass.gap === 0) pass.x -= LANE * (users.length - 1 - place);
      else if (pass.gap === last) pass.x += LANE * place;
      else pass.x += (GAP_X - 2 * LANE) * ((place + 1) / (users.length + 1) - 0.5);
    });
  }
}

/** The corners of a way. Beside boxes it goes straight down; it changes its place only between two rows. */
function trace(way: Way, rows: readonly Row[], chart: Chart): Point[] {
  const edge = chart.edges[way.index];
  const [upper, lower] = [rows[way.upper], rows[way.lower]];
  const a = edge && boxOf(rows, way.reversed ? edge.to : edge.from);
  const b = edge && boxOf(rows, way.reversed ? edge.from : edge.to);
  if (!a || !b || !upper || !lower) return [];
  const points: Point[] = [[way.start, a.y + a.height], [way.start, upper.bottom]];
  if (way.upper === way.lower) {
    // Side by side: below the row, the deeper the farther.
    const depth = upper.bottom + Math.min(GAP_Y - 16, 20 + Math.abs(way.end - way.start) / 12);
    points.push([way.start, depth], [way.end, depth], [way.end, upper.bottom], [way.end, b.y + b.height]);
    return points;
  }
  for (const pass of way.passes) {
    const row = rows[pass.row];
    if (row) points.push([pass.x, row.top], [pass.x, row.bottom]);
  }
  points.push([way.end, lower.top], [way.end, b.y]);
  const corners = points.filter(([x, y], at) => at === 0 || x !== points[at - 1]?.[0] || y !== points[at - 1]?.[1]);
  return way.reversed ? corners.reverse() : corners;
}

/** The outline of a way for SVG: straight where it stays in its place, a bow where it changes it. */
export function outline(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let [x, y] = first;
  let text = `M${round(x)} ${round(y)}`;
  for (const [nx, ny] of rest) {
    if (nx === x || ny === y) text += `L${round(nx)} ${round(ny)}`;
    else {
      const bend = (ny - y) / 2;
      text += `C${round(x)} ${round(y + bend)} ${round(nx)} ${round(ny - bend)} ${round(nx)} ${round(ny)}`;
    }
    [x, y] = [nx, ny];
  }
  return text;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The nearest box in a direction; the same one when there is none. */
export function nearest(boxes: readonly Box[], from: number, dx: number, dy: number): number {
  const start = boxes.find((box) => box.index === from);
  if (!start) return boxes[0]?.index ?? from;
  let [best, cost] = [from, Infinity];
  for (const box of boxes) {
    const [x, y] = [middle(box) - middle(start), box.y + box.height / 2 - start.y - start.height / 2];
    const along = x * dx + y * dy;
    const across = Math.abs(x * dy) + Math.abs(y * dx);
    if (along > 1 && along + 2 * across < cost) [best, cost] = [box.index, along + 2 * across];
  }
  return best;
}

/**
 * The box that an arrow key leads to. An open box is entered from above and left over its edges: upwards to the box
 * itself, otherwise to the nearest one beside it.
 */
export function stepped(chart: OpenChart, boxes: readonly Box[], from: number, dx: number, dy: number): number {
  const entered = dy > 0 && boxes.find((box) => chart.spots[box.index]?.within === from);
  if (entered) return entered.index;
  // Boxes of one row have their upper edges in one line: none is below another, however far down this one reaches.
  const edges = boxes.map((box) => ({ ...box, height: 0 }));
  const beside = (inner: number): number => {
    const parent = chart.spots[inner]?.within ?? -1;
    const next = nearest(edges.filter((box) => chart.spots[box.index]?.within === parent), inner, dx, dy);
    if (next !== inner) return next;
    if (parent < 0) return from;
    return dy < 0 ? parent : beside(parent);
  };
  return beside(from);
}
