import { describe, expect, it } from "vitest";

import type { Graph } from "@/api/types";
import { draw, heaviest, nearest, outline, type Box, type Point } from "@/pages/repo/diagram/layout";

type Edges = readonly (readonly [from: number, to: number, count?: number])[];

/** A graph of so many modules, with the layers that the server would give. */
function graphOf(layers: readonly number[], edges: Edges): Graph {
  return {
    width: 0,
    height: 0,
    cycles: [],
    unresolved: 0,
    unparsed: [],
    modules: layers.map((layer, index) => ({
      path: `m${index}`, label: `m${index}`, language: null, files: 1, code: 10 * (index + 1), layer, cyclic: false,
      fan_in: 0, fan_out: 0, x: index * 40, y: 0, width: 120 + (index % 4) * 30, height: 44 + (index % 3) * 20,
    })),
    edges: edges.map(([from, to, count = 1]) => ({ from, to, count })),
  } as Graph;
}

const all = (graph: Graph): Set<number> => new Set(graph.modules.keys());

/** The same numbers each time, from a seed: a linear congruential generator. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Points along a way as it is drawn, bows included. */
function along(points: readonly Point[]): Point[] {
  return points.slice(1).flatMap((to, at) => {
    const from = points[at] ?? to;
    return Array.from({ length: 21 }, (_, step): Point => {
      const t = step / 20;
      const straight = from[0] === to[0] || from[1] === to[1];
      // A bow is a cubic that is upright at both ends, with handles half as long as it is high.
      const [across, down] = straight ? [t, t] : [t * t * (3 - 2 * t), 1.5 * t * (1 - t) + t ** 3];
      return [from[0] + (to[0] - from[0]) * across, from[1] + (to[1] - from[1]) * down];
    });
  });
}

const inside = ([x, y]: Point, box: Box): boolean =>
  x > box.x + 0.5 && x < box.x + box.width - 0.5 && y > box.y + 0.5 && y < box.y + box.height - 0.5;

describe("the drawing of the modules", () => {
  const random = numbers(7);
  const next = (below: number) => Math.floor(random.next().value * below);
  const many = Array.from({ length: 25 }, () => {
    const count = 3 + next(30);
    const layers = Array.from({ length: count }, () => next(5));
    const edges = Array.from({ length: next(90) }, (): [number, number, number] => [next(count), next(count), 1 + next(9)]);
    // As the server has it: whoever imports is not below; within a layer there are circles.
    const sorted = edges.map(([a, b, weight]): [number, number, number] => ((layers[a] ?? 0) < (layers[b] ?? 0) ? [b, a, weight] : [a, b, weight]));
    return graphOf(layers, sorted.filter(([a, b]) => a !== b));
  });

  it("leads no way behind a box that it does not belong to", () => {
    for (const graph of many) {
      const { boxes, routes } = draw(graph, all(graph));
      expect(routes).toHaveLength(graph.edges.length);
      for (const route of routes) {
        const hit = along(route.points).flatMap((point) => boxes.filter((box) => inside(point, box)));
        expect(hit, JSON.stringify({ edge: graph.edges[route.index], points: route.points })).toEqual([]);
      }
    }
  });

  it("begins each way at the importer and ends it at what is imported", () => {
    const touches = (point: Point | undefined, box: Box | undefined) =>
      point !== undefined && box !== undefined && point[0] > box.x && point[0] < box.x + box.width && (point[1] === box.y || point[1] === box.y + box.height);
    for (const graph of many) {
      const { boxes, routes } = draw(graph, all(graph));
      const box = (index: number | undefined) => boxes.find((each) => each.index === index);
      for (const { index, points } of routes) {
        expect(touches(points[0], box(graph.edges[index]?.from))).toBe(true);
        expect(touches(points.at(-1), box(graph.edges[index]?.to))).toBe(true);
      }
    }
  });

  it("overlaps no boxes and keeps everything inside its size", () => {
    for (const graph of many) {
      const { boxes, routes, width, height } = draw(graph, all(graph));
      for (const [at, one] of boxes.entries()) {
        for (const other of boxes.slice(at + 1)) {
          const apart = one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;
          expect(apart, `${one.index} and ${other.index}`).toBe(true);
        }
      }
      for (const [x, y] of [...boxes.map((box): Point => [box.x, box.y]), ...routes.flatMap((route) => route.points)]) {
        expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true);
      }
    }
  });

  it("goes around a module that stands between two others", () => {
    const graph = graphOf([2, 1, 0], [[0, 2], [0, 1], [1, 2]]);
    const { boxes, routes } = draw(graph, all(graph));
    const between = boxes.find((box) => box.index === 1);
    const direct = routes.find((route) => route.index === 0);
    expect(direct?.points.some(([x]) => between && (x < between.x || x > between.x + between.width))).toBe(true);
  });

  it("puts importers above what they import, in a layer of circles as well", () => {
    const graph = graphOf([0, 0, 0], [[0, 1, 9], [1, 2, 9], [2, 0, 1]]);
    const { boxes } = draw(graph, all(graph));
    expect(boxes.map((box) => box.index)).toEqual([0, 1, 2]);
    expect(boxes.map((box) => box.y)).toEqual([...boxes.map((box) => box.y)].sort((a, b) => a - b));
  });

  it("shows those with the most imports, and only the ways between them", () => {
    const graph = graphOf([2, 2, 1, 0], [[0, 2, 5], [1, 2, 1], [2, 3, 7]]);
    const shown = heaviest(graph, 3);
    expect([...shown].sort()).toEqual([0, 2, 3]);
    expect(draw(graph, shown).routes.map((route) => route.index)).toEqual([0, 2]);
  });

  it("walks to the box in the direction of the key, and stays where there is none", () => {
    const graph = graphOf([1, 1, 0], [[0, 2], [1, 2]]);
    const { boxes } = draw(graph, all(graph));
    const [left, right] = boxes.filter((box) => box.y === 0);
    expect(nearest(boxes, left?.index ?? -1, 1, 0)).toBe(right?.index);
    expect(nearest(boxes, left?.index ?? -1, 0, 1)).toBe(2);
    expect(nearest(boxes, left?.index ?? -1, -1, 0)).toBe(left?.index);
  });

  it("draws straight lines straight and the others as bows", () => {
    expect(outline([[0, 0], [0, 10], [20, 30]])).toBe("M0 0L0 10C0 20 20 20 20 30");
    expect(draw(graphOf([], []), new Set())).toEqual({ boxes: [], routes: [], width: 0, height: 0 });
  });
});
