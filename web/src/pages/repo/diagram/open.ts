/** A level in which boxes are open: what is in them is drawn inside their frames, as deep as somebody goes. */
import type { Chart, ChartEdge, ChartNode, Level } from "./chart";

/** The names of the boxes that lead to a box: the outermost first, its own last. */
export type Chain = readonly string[];

/** Where a box stands among those that are open. */
export interface Spot {
  level: Level;
  chain: Chain;
  /** The box that it is drawn in; -1 for a box of the level that the page looks at. */
  within: number;
  /** `leaf`: nothing is known of what is in it; `coming`: what is in it was asked for; `failed`: that could not be read. */
  state: "leaf" | "closed" | "coming" | "failed" | "open";
  /** The boxes in it, once it is open. */
  holds: readonly number[];
}

/** All boxes of a level and of what is open in it. The boxes of the level come first: opening one renumbers none of them. */
export interface OpenChart extends Chart {
  /** One for each box. */
  spots: readonly Spot[];
  /** Where a box is, by its chain as `keyOf` writes it. */
  at: ReadonlyMap<string, number>;
  /** Boxes that stay closed because what is in them would be too much to draw. */
  over: readonly number[];
}

/** The most boxes that are drawn at once: as many as the server puts on one drawing. */
export const MOST = 300;

/** Whether a box shall be open, also while what is in it is not there yet. */
export const isWanted = ({ state }: Pick<Spot, "state">): boolean => state === "open" || state === "coming" || state === "failed";

/** A chain as one text. */
export const keyOf = (chain: Chain): string => JSON.stringify(chain);

/** Whether a box is another one or is drawn in it, however deep. */
export const isWithin = (chain: Chain, around: Chain): boolean => around.every((name, at) => chain[at] === name);

/** What is open once a box is opened, or closed with all that is open in it. */
export function toggled(opened: readonly Chain[], chain: Chain): Chain[] {
  const left = opened.filter((each) => !isWithin(each, chain));
  return left.length < opened.length ? left : [...opened, chain];
}

/** What is open once everything in a box is closed; the box itself stays as it is. */
export const closedBelow = (opened: readonly Chain[], chain: Chain): Chain[] => opened.filter((each) => each.length <= chain.length || !isWithin(each, chain));

interface Wanted {
  /** What is in the open boxes as far as it is known, by their chains. */
  charts: ReadonlyMap<string, Chart>;
  /** Those of which it could not be read, by their chains. */
  failed?: ReadonlySet<string>;
  /** What shall be open. A box is opened only in one that is. */
  opened: readonly Chain[];
  /** How many boxes may be drawn in others. */
  room: number;
  /** Whether anything may be in a box. */
  opens: (level: Level, node: ChartNode) => boolean;
}

/** The chart with what is open in it. */
export function openChart(root: Chart, { charts, failed, opened, room, opens }: Wanted): OpenChart {
  const nodes: ChartNode[] = [];
  const edges: ChartEdge[] = [];
  const spots: Spot[] = [];
  const at = new Map<string, number>();
  const over: number[] = [];
  /** Puts the boxes of a chart into one that is there. */
  const take = (chart: Chart, within: number) => {
    const first = nodes.length;
    const around = spots[within]?.chain ?? [];
    chart.nodes.forEach((node, place) => {
      // Two definitions of one file may have the same name.
      const plain = [...around, node.id];
      const chain = at.has(keyOf(plain)) ? [...around, `${node.id} ${place}`] : plain;
      at.set(keyOf(chain), nodes.length);
      nodes.push(node);
      spots.push({ level: chart.level, chain, within, state: opens(chart.level, node) ? "closed" : "leaf", holds: [] });
    });
    edges.push(...chart.edges.map((edge) => ({ ...edge, from: first + edge.from, to: first + edge.to })));
    return [...chart.nodes.keys()].map((place) => first + place);
  };
  take(root, -1);
  let left = room;
  for (const chain of [...opened].sort((a, b) => a.length - b.length)) {
    const index = at.get(keyOf(chain));
    const spot = index === undefined ? undefined : spots[index];
    if (index === undefined || spot?.state !== "closed") continue;
    const chart = charts.get(keyOf(chain));
    if (!chart) spots[index] = { ...spot, state: failed?.has(keyOf(chain)) ? "failed" : "coming" };
    else if (chart.nodes.length > left) over.push(index);
    else {
      left -= chart.nodes.length;
      spots[index] = { ...spot, state: "open", holds: take(chart, index) };
    }
  }
  return { level: root.level, nodes, edges, spots, at, over };
}

/**
 * What shall be open and is known not to be there: it holds nothing, or what it would be in is drawn without it. What is
 * still read, or would be too much, may be there.
 */
export function absent({ spots, at }: OpenChart, opened: readonly Chain[]): Chain[] {
  const stateOf = (chain: Chain) => spots[at.get(keyOf(chain)) ?? -1]?.state;
  const lacks = (chain: Chain): boolean => {
    const state = stateOf(chain);
    if (state !== undefined) return state === "leaf";
    const outer = chain.slice(0, -1);
    return outer.length === 0 || stateOf(outer) === "open" || lacks(outer);
  };
  return opened.filter(lacks);
}

/** The boxes of the level that the page looks at. */
export const outermost = ({ spots }: OpenChart): number[] => [...spots.keys()].filter((index) => spots[index]?.within === -1);

/** Some boxes and everything that is drawn in them, each before what is in it. */
export const withContents = (chart: OpenChart, boxes: readonly number[]): number[] =>
  boxes.flatMap((index) => [index, ...withContents(chart, chart.spots[index]?.holds ?? [])]);

/** The boxes that a box is drawn in, the innermost first. */
export function around(chart: OpenChart, index: number): number[] {
  const within = chart.spots[index]?.within ?? -1;
  return within < 0 ? [] : [within, ...around(chart, within)];
}
