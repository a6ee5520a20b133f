import { describe, expect, it } from "vitest";

import type { Diagram, Graph } from "@/api/types";
import { away, closer, placeOf, searchOf, trail } from "@/pages/repo/architecture/levels";
import { chartOfDiagram, chartOfGraph, circular, isLanguage, narrowed, strongest, type Chart } from "@/pages/repo/diagram/chart";
import { draw, heaviest, nearest, outline, type Box, type Point } from "@/pages/repo/diagram/layout";

type Edges = readonly (readonly [from: number, to: number, count?: number])[];

/** A chart of so many boxes, with the layers that the server would give. */
function chartOf(layers: readonly number[], edges: Edges): Chart {
  return {
    level: "modules",
    nodes: layers.map((layer, index) => ({
      id: `m${index}`, label: `m${index}`, detail: "", opens: null, layer, cyclic: false, evidence: [],
      x: index * 40, width: 120 + (index % 4) * 30, height: 44 + (index % 3) * 20,
    })),
    edges: edges.map(([from, to, count = 1]) => ({ from, to, count, label: "" })),
  };
}

const all = (chart: Chart): Set<number> => new Set(chart.nodes.keys());

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

describe("the drawing of boxes", () => {
  const random = numbers(7);
  const next = (below: number) => Math.floor(random.next().value * below);
  const many = Array.from({ length: 25 }, () => {
    const count = 3 + next(30);
    const layers = Array.from({ length: count }, () => next(5));
    const edges = Array.from({ length: next(90) }, (): [number, number, number] => [next(count), next(count), 1 + next(9)]);
    // As the server has it: whoever imports is not below; within a layer there are circles.
    const sorted = edges.map(([a, b, weight]): [number, number, number] => ((layers[a] ?? 0) < (layers[b] ?? 0) ? [b, a, weight] : [a, b, weight]));
    return chartOf(layers, sorted.filter(([a, b]) => a !== b));
  });

  it("leads no way behind a box that it does not belong to", () => {
    for (const chart of many) {
      const { boxes, routes } = draw(chart, all(chart));
      expect(routes).toHaveLength(chart.edges.length);
      for (const route of routes) {
        const hit = along(route.points).flatMap((point) => boxes.filter((box) => inside(point, box)));
        expect(hit, JSON.stringify({ edge: chart.edges[route.index], points: route.points })).toEqual([]);
      }
    }
  });

  it("begins each way at the importer and ends it at what is imported", () => {
    const touches = (point: Point | undefined, box: Box | undefined) =>
      point !== undefined && box !== undefined && point[0] > box.x && point[0] < box.x + box.width && (point[1] === box.y || point[1] === box.y + box.height);
    for (const chart of many) {
      const { boxes, routes } = draw(chart, all(chart));
      const box = (index: number | undefined) => boxes.find((each) => each.index === index);
      for (const { index, points } of routes) {
        expect(touches(points[0], box(chart.edges[index]?.from))).toBe(true);
        expect(touches(points.at(-1), box(chart.edges[index]?.to))).toBe(true);
      }
    }
  });

  it("overlaps no boxes and keeps everything inside its size", () => {
    for (const chart of many) {
      const { boxes, routes, left, width, height } = draw(chart, all(chart));
      for (const [at, one] of boxes.entries()) {
        for (const other of boxes.slice(at + 1)) {
          const apart = one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;
          expect(apart, `${one.index} and ${other.index}`).toBe(true);
        }
      }
      for (const [x, y] of [...boxes.map((box): Point => [box.x, box.y]), ...routes.flatMap((route) => route.points)]) {
        expect(x >= left && x <= left + width && y >= 0 && y <= height).toBe(true);
      }
    }
  });

  it("goes around a module that stands between two others", () => {
    const chart = chartOf([2, 1, 0], [[0, 2], [0, 1], [1, 2]]);
    const { boxes, routes } = draw(chart, all(chart));
    const between = boxes.find((box) => box.index === 1);
    const direct = routes.find((route) => route.index === 0);
    expect(direct?.points.some(([x]) => between && (x < between.x || x > between.x + between.width))).toBe(true);
  });

  it("puts importers above what they import, in a layer of circles as well", () => {
    const chart = chartOf([0, 0, 0], [[0, 1, 9], [1, 2, 9], [2, 0, 1]]);
    const { boxes } = draw(chart, all(chart));
    expect(boxes.map((box) => box.index)).toEqual([0, 1, 2]);
    expect(boxes.map((box) => box.y)).toEqual([...boxes.map((box) => box.y)].sort((a, b) => a - b));
  });

  it("shows those with the most imports, and only the ways between them", () => {
    const chart = chartOf([2, 2, 1, 0], [[0, 2, 5], [1, 2, 1], [2, 3, 7]]);
    const shown = heaviest(chart, 3);
    expect([...shown].sort()).toEqual([0, 2, 3]);
    expect(draw(chart, shown).routes.map((route) => route.index)).toEqual([0, 2]);
  });

  it("walks to the box in the direction of the key, and stays where there is none", () => {
    const chart = chartOf([1, 1, 0], [[0, 2], [1, 2]]);
    const { boxes } = draw(chart, all(chart));
    const [left, right] = boxes.filter((box) => box.y === 0);
    expect(nearest(boxes, left?.index ?? -1, 1, 0)).toBe(right?.index);
    expect(nearest(boxes, left?.index ?? -1, 0, 1)).toBe(2);
    expect(nearest(boxes, left?.index ?? -1, -1, 0)).toBe(left?.index);
  });

  it("draws straight lines straight and the others as bows", () => {
    expect(outline([[0, 0], [0, 10], [20, 30]])).toBe("M0 0L0 10C0 20 20 20 20 30");
    expect(draw(chartOf([], []), new Set())).toEqual({ boxes: [], routes: [], left: 0, width: 0, height: 0, groups: [[]] });
  });
});

describe("what is drawn while nothing is pointed at", () => {
  it("is everything where little is to be drawn", () => {
    expect(strongest(chartOf([1, 0], [[0, 1]]), new Set([0, 1]), new Set())).toEqual(new Set([0]));
  });

  it("is the strongest of each box and the arrows of a few circles where the rest would cover it", () => {
    const { nodes, edges } = chartOf([1, 1, 1, 0], [[0, 3, 9], [0, 1, 8], [0, 2, 1], [1, 3, 7], [1, 2, 6], [1, 0, 2], [2, 3, 5], [2, 1, 4], [2, 0, 1]]);
    const shown = new Set(nodes.keys());
    // Two from each, one to each: `0 -> 2` is the third of its importer and the second to what it imports.
    const led = (nodes: Chart["nodes"]) => [...strongest({ level: "modules", nodes, edges }, shown, circular({ level: "modules", nodes, edges }))].sort();
    expect(led(nodes)).toEqual([0, 1, 3, 4, 5, 6, 7]);
    const round = nodes.map((node, index) => ({ ...node, cyclic: index === 0 || index === 2 }));
    expect(led(round)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const all = nodes.map((node) => ({ ...node, layer: 0, cyclic: true }));
    expect(led(all)).toEqual([0, 1, 3, 4, 5, 6, 7]);
  });

  it("knows the arrows of a circle, wherever its boxes stand, from those between two circles", () => {
    const chart = chartOf([3, 2, 1, 0, 0], [[0, 1], [1, 0], [1, 2], [2, 3], [3, 2], [2, 2], [3, 4]]);
    const nodes = chart.nodes.map((node, index) => ({ ...node, cyclic: index < 4 }));
    expect(circular({ ...chart, nodes })).toEqual(new Set([0, 1, 3, 4]));
    expect(circular(chart)).toEqual(new Set());
  });

  it("keeps every way in its place when only some are led", () => {
    const chart = chartOf([2, 1, 0], [[0, 2], [0, 1], [1, 2]]);
    const [whole, one] = [draw(chart, all(chart)), draw(chart, all(chart), (edge) => edge === 0)];
    expect(one.routes.map((route) => route.index)).toEqual([0]);
    expect(one.boxes).toEqual(whole.boxes);
  });
});

describe("a chart", () => {
  const module = (path: string) =>
    ({ path, label: path, language: null, files: 1, code: 7, layer: 0, cyclic: false, fan_in: 0, fan_out: 0, x: 0, y: 0, width: 1, height: 1 });

  it("of a folder has its modules and what they import of each other", () => {
    const graph = { modules: ["", "a", "a/b", "ab"].map(module), edges: [{ from: 0, to: 1, count: 1 }, { from: 2, to: 1, count: 3 }, { from: 1, to: 3, count: 1 }], entries: [] as Graph["entries"], unparsed: [] as string[] } as Graph;
    const chart = chartOfGraph(graph, "a");
    expect(chart.nodes.map((node) => [node.id, node.detail])).toEqual([["a", "7 lines"], ["a/b", "7 lines"]]);
    expect(chart.edges).toEqual([{ from: 1, to: 0, count: 3, label: "" }]);
    expect(chartOfGraph(graph).nodes).toHaveLength(4);
  });

  it("marks the module of the folder that a program starts in, not those around it", () => {
    const entry = (path: string, kind: "program" | "library"): Graph["entries"][number] => ({ path, kind, name: null, evidence: [] });
    const entries = [entry("a/b/deep/main.ts", "program"), entry("main.go", "program"), entry("ab/index.ts", "library")];
    const graph = { modules: ["", "a", "a/b", "ab"].map(module), edges: [] as Graph["edges"], entries, unparsed: [] as string[] } as Graph;
    const marked = chartOfGraph(graph).nodes.filter((node) => node.detail === "7 lines · starts here");
    expect(marked.map((node) => node.id)).toEqual(["", "a/b"]);
  });

  it("has a box for what is not read: the module in that language, or else the language", () => {
    const modules = [{ ...module("batch"), language: "COBOL" }, { ...module("src"), language: "Rust" }];
    const graph = { modules, edges: [] as Graph["edges"], entries: [] as Graph["entries"], unparsed: ["COBOL", "Nix"] } as Graph;
    const { nodes } = chartOfGraph(graph);
    expect(nodes.map(({ id, detail, unread }) => [id, detail, unread ?? false])).toEqual([
      ["batch", "not parsed: COBOL", true],
      ["src", "7 lines", false],
      ["not parsed: Nix", "not parsed", true],
    ]);
    expect(nodes.map(isLanguage)).toEqual([false, false, true]);
    expect(chartOfGraph(graph, "src").nodes).toHaveLength(1);
  });

  it("reads counts of imports from what stands at an arrow, and leaves words as words", () => {
    const node = { id: "x", label: "x", detail: "", opens: null, evidence: [], layer: 0, cyclic: false, x: 9, y: 0, width: 1, height: 1 };
    const edges = ["12", "", "address, starts after"].map((label) => ({ from: 0, to: 1, label, evidence: [] }));
    const chart = chartOfDiagram({ level: "symbols", focus: null, nodes: [node, node], edges, width: 1, height: 1, hidden: 0, text: null } as Diagram);
    expect(chart.edges.map(({ count, label }) => [count, label])).toEqual([[12, ""], [1, ""], [1, "address, starts after"]]);
    expect(chart.nodes.map((each) => each.x)).toEqual([0, 1]);
  });
});

describe("the way through the levels", () => {
  const modules = ["", "web", "web/src", "api"];
  const names = (...place: Parameters<typeof trail>) => trail(...place).map((step) => step.name);

  it("goes from a service to its modules, or to the module around it", () => {
    expect(closer("services", { opens: "web" }, modules)).toEqual({ level: "modules", focus: "web" });
    expect(closer("services", { opens: "" }, modules)).toEqual({ level: "modules" });
    expect(closer("services", { opens: "api/deep" }, modules)).toEqual({ level: "files", focus: "api" });
    expect(closer("services", { opens: null }, modules)).toBeNull();
    expect(closer("services", { opens: "x" }, ["web"])).toBeNull();
  });

  it("goes on to files and definitions, and ends there", () => {
    expect(closer("modules", { opens: "" }, modules)).toEqual({ level: "files", focus: "" });
    expect(closer("files", { opens: "web/src/a.ts" }, modules)).toEqual({ level: "symbols", focus: "web/src/a.ts" });
    expect(closer("symbols", { opens: null }, modules)).toBeNull();
  });

  it("leads back over the module that a file is in", () => {
    expect(names({ level: "symbols", focus: "web/src/a.ts" }, modules)).toEqual(["Services", "Modules", "web/src", "web/src/a.ts"]);
    expect(names({ level: "files", focus: "" }, modules)).toEqual(["Services", "Modules", "(root)"]);
    expect(names({ level: "services" }, modules)).toEqual(["Services", "Modules"]);
    expect(trail({ level: "services" }, modules).map((step) => step.here)).toEqual([true, false]);
    expect(away({ level: "symbols", focus: "web/src/a.ts" }, modules)).toEqual({ level: "files", focus: "web/src" });
    expect(away({ level: "modules" }, modules)).toEqual({ level: "services" });
    expect(away({ level: "services" }, modules)).toBeUndefined();
  });

  it("stands in the address, and is read back from it", () => {
    for (const place of [{ level: "services" }, { level: "modules" }, { level: "modules", focus: "a" }, { level: "files", focus: "" }, { level: "symbols", focus: "a/b.ts" }] as const) {
      expect(placeOf(searchOf(place))).toEqual(place);
    }
    expect(searchOf({ level: "modules" }, "table")).toEqual({ view: "table" });
  });
});

describe("a filter", () => {
  it("keeps some boxes and the arrows between them, by their new places", () => {
    const kept = narrowed(chartOf([0, 1, 2], [[0, 1], [1, 2, 7], [0, 2]]), (node) => node.id !== "m0");
    expect(kept.nodes.map((node) => node.id)).toEqual(["m1", "m2"]);
    expect(kept.edges).toEqual([{ from: 0, to: 1, count: 7, label: "" }]);
  });
});
