/** What a drawing of the architecture is made of, whatever its boxes stand for. */
import type { Diagram, Graph, Span } from "@/api/types";
import { plural } from "@/lib/count";
import { architecture as texts } from "@/texts/architecture";

export type Level = Diagram["level"];

export interface ChartNode {
  /** What identifies it at its level: the name of a service, a path, the name of a symbol. */
  id: string;
  label: string;
  /** A second line: how large it is, or what kind of thing. */
  detail: string;
  /** What the next level looks at when this box is opened. */
  opens: string | null;
  cyclic: boolean;
  layer: number;
  /** Where it stands among the others of its layer. */
  x: number;
  width: number;
  height: number;
  /** The lines that show it. */
  evidence: readonly Span[];
  /** It is in a language whose imports are not read: what it needs, and what needs it, is not known. */
  unread?: true;
}

export interface ChartEdge {
  from: number;
  to: number;
  /** How many import statements it stands for. */
  count: number;
  /** How the configuration shows it, for calls between services. */
  label: string;
}

export interface Chart {
  level: Level;
  nodes: readonly ChartNode[];
  edges: readonly ChartEdge[];
}

/** The folders of the modules in which a program starts. */
export function startingIn({ entries, modules }: Pick<Graph, "entries" | "modules">): ReadonlySet<string> {
  const holding = (path: string) =>
    modules.map((each) => each.path).filter((folder) => isIn(path, folder)).reduce<string | undefined>((best, folder) => (best === undefined || folder.length > best.length ? folder : best), undefined);
  return new Set(entries.filter(({ kind }) => kind === "program").flatMap(({ path }) => holding(path) ?? []));
}

/** How large a box is that stands for what is not read. */
const UNREAD = { width: 150, height: 44 };

/** Boxes, below all others, for the languages whose imports are not read and which no module is in. */
const unread = ({ unparsed, modules }: Graph): ChartNode[] =>
  unparsed
    .filter((language) => !modules.some((each) => each.language === language))
    .map((language, x) => {
      const id = texts.notParsed(language);
      return { id, label: language, detail: texts.isNotParsed, opens: null, cyclic: false, layer: -1, x, ...UNREAD, evidence: [], unread: true };
    });

/** Whether a box stands for a language, and not for a module. */
export const isLanguage = (node: ChartNode): boolean => node.unread === true && node.layer < 0;

/** The modules; of a folder, only those in it and what they import of each other. */
export function chartOfGraph(graph: Graph, folder?: string): Chart {
  const kept = [...graph.modules.keys()].filter((index) => folder === undefined || isIn(graph.modules[index]?.path ?? "", folder));
  const places = new Map(kept.map((index, place) => [index, place]));
  const starting = startingIn(graph);
  const modules = kept.flatMap((index): ChartNode[] => {
      const module = graph.modules[index];
      if (!module) return [];
      const { path, label, language, code, cyclic, layer, x, width, height } = module;
      const blind = language !== null && graph.unparsed.includes(language);
      const detail = blind ? texts.notParsed(language) : plural(code, "line", "lines") + (starting.has(path) ? ` · ${texts.startsHere}` : "");
      return [{ id: path, label, detail, opens: path, cyclic, layer, x, width: roomy(width, label, detail), height, evidence: [], ...(blind ? { unread: true as const } : {}) }];
  });
  return {
    level: "modules",
    nodes: folder === undefined && modules.length > 0 ? [...modules, ...unread(graph)] : modules,
    edges: graph.edges.flatMap(({ from, to, count }) => {
      const ends = [places.get(from), places.get(to)] as const;
      return ends[0] === undefined || ends[1] === undefined ? [] : [{ from: ends[0], to: ends[1], count, label: "" }];
    }),
  };
}

/** The same with some of its boxes, and the arrows between these. */
export function narrowed(chart: Chart, keep: (node: ChartNode) => boolean): Chart {
  const kept = [...chart.nodes.keys()].filter((index) => chart.nodes[index] !== undefined && keep(chart.nodes[index]));
  const places = new Map(kept.map((index, place) => [index, place]));
  return {
    level: chart.level,
    nodes: kept.flatMap((index) => chart.nodes[index] ?? []),
    edges: chart.edges.flatMap((edge) => {
      const [from, to] = [places.get(edge.from), places.get(edge.to)];
      return from === undefined || to === undefined ? [] : [{ ...edge, from, to }];
    }),
  };
}

/** The boxes of another level. Symbols stand in the order in which the file has them. */
export function chartOfDiagram({ level, nodes, edges }: Diagram): Chart {
  return {
    level,
    nodes: nodes.map(({ id, label, detail, opens, cyclic, layer, x, width, height, evidence }, index) => ({
      id, label, detail, opens: opens ?? null, cyclic, layer, x: level === "symbols" ? index : x, width: roomy(width, label, detail), height, evidence,
    })),
    edges: edges.map(({ from, to, label }) => {
      const counted = /^\d+$/.test(label);
      return { from, to, count: counted ? Number(label) : 1, label: counted ? "" : label };
    }),
  };
}

/** Whether a path is a folder or below it. */
export const isIn = (path: string, folder: string): boolean => folder === "" || path === folder || path.startsWith(`${folder}/`);

/** Of the arrows of a box, so many that it has and so many that lead to it are drawn at once. */
const OUT = 2;
const INTO = 1;

/**
 * The arrows that are drawn while no box is looked at. Where there are more than two for each box they cover each other:
 * then only the strongest of each box, and those of circles as long as these are fewer than the boxes.
 */
export function strongest({ edges }: Chart, shown: ReadonlySet<number>, circular: ReadonlySet<number>): Set<number> {
  const drawn = edges.flatMap(({ from, to }, index) => (from !== to && shown.has(from) && shown.has(to) ? [index] : []));
  if (drawn.length <= OUT * shown.size) return new Set(drawn);
  const circles = new Set(drawn.filter((index) => circular.has(index)));
  const order = [...drawn].sort((a, b) => (edges[b]?.count ?? 0) - (edges[a]?.count ?? 0) || a - b);
  const used = new Map<string, number>();
  const take = (side: string, most: number): boolean => {
    const count = used.get(side) ?? 0;
    used.set(side, count + 1);
    return count < most;
  };
  return new Set(
    order.filter((index) => {
      const { from, to } = edges[index] ?? { from: -1, to: -1 };
      const [out, into] = [take(`from ${from}`, OUT), take(`to ${to}`, INTO)];
      return out || into || (circles.size < shown.size && circles.has(index));
    }),
  );
}

/** The arrows that are part of a circle: from where they lead there is a way back. */
export function circular({ nodes, edges }: Chart): Set<number> {
  const onward = new Map<number, number[]>();
  for (const { from, to } of edges) {
    if (from !== to && nodes[from]?.cyclic && nodes[to]?.cyclic) onward.set(from, [...(onward.get(from) ?? []), to]);
  }
  const reach = new Map([...onward.keys()].map((start) => [start, reached(onward, start)]));
  return new Set([...edges.keys()].filter((index) => {
    const { from, to } = edges[index] ?? { from: -1, to: -1 };
    return from !== to && reach.get(to)?.has(from) === true;
  }));
}

/** All that can be reached from a box. */
function reached(onward: ReadonlyMap<number, readonly number[]>, start: number): Set<number> {
  const seen = new Set<number>();
  const waiting = [start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const to of onward.get(next) ?? []) {
      if (!seen.has(to)) {
        seen.add(to);
        waiting.push(to);
      }
    }
  }
  return seen;
}

/** How wide a box is that holds its name and its first fact in letters half as large again, as they are when all is in sight. */
const WIDEST = 220;
const LETTER_WIDTH = 10.5;
const roomy = (width: number, label: string, detail: string): number =>
  Math.max(width, Math.min(WIDEST, Math.ceil(16 + LETTER_WIDTH * Math.max(label.length, detail.split(" · ")[0]?.length ?? 0))));
