/** What the modules of a repository import of each other, as rows and columns. */
import type { Graph } from "@/api/types";

/** More rows than this are not read by anybody: then those with the most imports stay. */
export const MOST = 24;

export interface Matrix {
  /** The modules by position, those that import the others first: what is right of the diagonal goes from above to below. */
  order: number[];
  /** How many modules import another or are imported by one. */
  joined: number;
  /** How many import statements lead from one to another; nothing where none does. */
  count: (from: number, to: number) => number | undefined;
  /** Whether the two import each other, by themselves or through others. */
  circle: (from: number, to: number) => boolean;
}

/** The matrix of the modules with the most imports from and to others. */
export function matrixOf({ modules, edges }: Pick<Graph, "modules" | "edges">): Matrix {
  const counts = new Map(edges.filter(({ from, to }) => from !== to).map(({ from, to, count }) => [`${from} ${to}`, count]));
  const weight = modules.map(() => 0);
  for (const { from, to, count } of edges) if (from !== to) for (const end of [from, to]) weight[end] = (weight[end] ?? 0) + count;
  const place = (index: number) => modules[index] ?? { layer: 0, path: "" };
  const joined = [...modules.keys()].filter((index) => (weight[index] ?? 0) > 0);
  const order = [...joined]
    .sort((a, b) => (weight[b] ?? 0) - (weight[a] ?? 0) || a - b)
    .slice(0, MOST)
    .sort((a, b) => place(b).layer - place(a).layer || (place(a).path < place(b).path ? -1 : 1));
  return {
    order,
    joined: joined.length,
    count: (from, to) => counts.get(`${from} ${to}`),
    circle: (from, to) => Boolean(modules[from]?.cyclic && modules[to]?.cyclic && place(from).layer === place(to).layer),
  };
}
