import { describe, expect, it } from "vitest";

import { placeIn } from "@/pages/repo/architecture/levels";
import { chainsIn, opening } from "@/pages/repo/architecture/opened";
import type { Chart, Level } from "@/pages/repo/diagram/chart";
import { drawOpen, stepped, type Box, type Drawing } from "@/pages/repo/diagram/layout";
import { absent, closedBelow, isWanted, keyOf, MOST, openChart, outermost, toggled, withContents, type Chain, type OpenChart } from "@/pages/repo/diagram/open";

type Edges = readonly (readonly [from: number, to: number])[];

/** So many boxes in layers, named after what they are in. */
function chartOf(name: string, layers: readonly number[], edges: Edges = [], level: Level = "modules"): Chart {
  return {
    level,
    nodes: layers.map((layer, index) => ({
      id: `${name}${index}`, label: `${name}${index}`, detail: "", opens: `${name}${index}`, layer, cyclic: false, evidence: [],
      x: index * 40, width: 120 + (index % 4) * 30, height: 44 + (index % 3) * 20,
    })),
    edges: edges.map(([from, to]) => ({ from, to, count: 1, label: "" })),
  };
}

/** The same numbers each time, from a seed: a linear congruential generator. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const opens = (level: Level) => level !== "symbols";

const openIn = (root: Chart, charts: readonly (readonly [Chain, Chart])[], room = MOST): OpenChart =>
  openChart(root, { charts: new Map(charts.map(([chain, chart]) => [keyOf(chain), chart])), opened: charts.map(([chain]) => chain), room, opens });

const drawn = (chart: OpenChart): Drawing => drawOpen(chart, new Set(withContents(chart, outermost(chart))), () => true);

const boxOf = ({ boxes }: Drawing, index: number): Box => {
  const box = boxes.find((each) => each.index === index);
  if (!box) throw new Error(`box ${index} is not drawn`);
  return box;
};

const apart = (one: Box, other: Box): boolean =>
  one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;

const holds = (frame: Box, box: Box): boolean =>
  box.x >= frame.x && box.y >= frame.y && box.x + box.width <= frame.x + frame.width && box.y + box.height <= frame.y + frame.height;

/** Levels of any shape, each with up to four boxes open, one of them in another. */
const random = numbers(11);
const next = (below: number) => Math.floor(random.next().value * below);
const anyChart = (name: string, level: Level) => {
  const layers = Array.from({ length: 2 + next(18) }, () => next(4));
  const edges = Array.from({ length: next(40) }, (): [number, number] => [next(layers.length), next(layers.length)]);
  return chartOf(name, layers, edges.filter(([a, b]) => a !== b).map(([a, b]) => ((layers[a] ?? 0) < (layers[b] ?? 0) ? [b, a] : [a, b])), level);
};
const cases = Array.from({ length: 25 }, (_, at) => {
  const root = anyChart("m", "modules");
  const first = anyChart("m0/f", "files");
  const charts: (readonly [Chain, Chart])[] = [[["m0"], first], [["m0", "m0/f1"], anyChart("s", "symbols")], [["m1"], anyChart("m1/f", "files")]];
  return { root, charts: charts.slice(0, 1 + (at % 3)) };
});

describe("a box that is open in its place", () => {
  it("holds what is in it and overlaps nothing else", () => {
    for (const { root, charts } of cases) {
      const chart = openIn(root, charts);
      const drawing = drawn(chart);
      expect(drawing.boxes).toHaveLength(chart.nodes.length);
      for (const [at, one] of drawing.boxes.entries()) {
        const within = chart.spots[one.index]?.within ?? -1;
        if (within >= 0) expect(holds(boxOf(drawing, within), one), `${one.index} in ${within}`).toBe(true);
        for (const other of drawing.boxes.slice(at + 1)) {
          if (chart.spots[other.index]?.within === within) expect(apart(one, other), `${one.index} and ${other.index}`).toBe(true);
        }
      }
      for (const { points } of drawing.routes) {
        for (const [x, y] of points) expect(x >= drawing.left && x <= drawing.left + drawing.width && y >= 0 && y <= drawing.height).toBe(true);
      }
    }
  });

  it("keeps its corner; what is left and above stays, and the rest moves right or down in its order", () => {
    for (const { root, charts } of cases) {
      const chart = openIn(root, charts);
      const [before, after] = [drawn(openIn(root, [])), drawn(chart)];
      const level = outermost(chart);
      for (const index of level) {
        const [old, now] = [boxOf(before, index), boxOf(after, index)];
        expect(now.x).toBeGreaterThanOrEqual(old.x);
        expect(now.y).toBeGreaterThanOrEqual(old.y);
        const opened = level.filter((each) => chart.spots[each]?.state === "open").map((each) => boxOf(before, each));
        if (opened.every((box) => old.y < box.y || (old.y === box.y && old.x <= box.x))) expect([now.x, now.y]).toEqual([old.x, old.y]);
        for (const other of level) {
          const [oldOther, nowOther] = [boxOf(before, other), boxOf(after, other)];
          if (old.y === oldOther.y && old.x < oldOther.x) expect(now.y === nowOther.y && now.x + now.width < nowOther.x).toBe(true);
          if (old.y < oldOther.y) expect(now.y + now.height).toBeLessThan(nowOther.y);
        }
      }
    }
  });

  it("is drawn the same every time, in whatever order boxes were opened", () => {
    for (const { root, charts } of cases) {
      const places = (chart: OpenChart) => new Map(drawn(chart).boxes.map(({ index, ...box }) => [keyOf(chart.spots[index]?.chain ?? []), box]));
      expect(drawn(openIn(root, charts))).toEqual(drawn(openIn(root, charts)));
      expect(places(openIn(root, [...charts].reverse()))).toEqual(places(openIn(root, charts)));
    }
  });

  it("leads ways around its frame, and those between its boxes inside of it", () => {
    const chart = openIn(chartOf("m", [1, 0], [[0, 1]]), [[["m0"], chartOf("f", [1, 0], [[0, 1]], "files")]]);
    const drawing = drawn(chart);
    const [outer, inner] = drawing.routes;
    const frame = boxOf(drawing, 0);
    expect(chart.edges.map(({ from, to }) => [from, to])).toEqual([[0, 1], [2, 3]]);
    expect(outer?.points[0]?.[1]).toBe(frame.y + frame.height);
    for (const [x, y] of inner?.points ?? [[-1, -1]]) expect(x > frame.x && x < frame.x + frame.width && y > frame.y && y < frame.y + frame.height).toBe(true);
  });
});

describe("what is open", () => {
  const root = chartOf("m", [0, 0]);
  const files = chartOf("f", [0, 0], [[0, 1]], "files");

  it("renumbers no box of the level, and says of each where it is", () => {
    const chart = openIn(root, [[["m1"], files]]);
    expect(chart.nodes.map((node) => node.id)).toEqual(["m0", "m1", "f0", "f1"]);
    expect(chart.spots.map(({ within, state, level }) => [within, state, level])).toEqual([[-1, "closed", "modules"], [-1, "open", "modules"], [1, "closed", "files"], [1, "closed", "files"]]);
    expect(withContents(chart, outermost(chart))).toEqual([0, 1, 2, 3]);
  });

  it("waits for what is in a box, and opens no box in a closed one", () => {
    const waiting = openChart(root, { charts: new Map(), opened: [["m0"], ["m1", "f0"], ["nowhere"]], room: MOST, opens });
    expect(waiting.spots.map((spot) => spot.state)).toEqual(["coming", "closed"]);
  });

  it("waits no longer for what could not be read, and closes again what shall be open", () => {
    const failed = openChart(root, { charts: new Map(), failed: new Set([keyOf(["m0"])]), opened: [["m0"], ["m1"], ["m0", "f0"]], room: MOST, opens });
    expect(failed.spots.map((spot) => spot.state)).toEqual(["failed", "coming"]);
    expect(failed.spots.map(isWanted)).toEqual([true, true]);
    expect(absent(failed, [["m0"], ["m0", "f0"]])).toEqual([]);
    expect(openIn(root, [[["m0"], files]]).spots.map(isWanted)).toEqual([true, false, false, false]);
  });

  it("is lost only once it is known not to be there", () => {
    const over = openIn(root, [[["m0"], files]], 1);
    expect(absent(over, [["m0"], ["m0", "f0"], ["nowhere"], ["nowhere", "f0"]])).toEqual([["nowhere"], ["nowhere", "f0"]]);
    const wanted = [["m0"], ["m0", "made up"], ["m0", "made up", "s"], ["m1"]];
    expect(absent(openChart(root, { charts: new Map(), opened: wanted, room: MOST, opens }), wanted)).toEqual([]);
    expect(absent(openIn(root, [[["m0"], files]]), wanted)).toEqual([["m0", "made up"], ["m0", "made up", "s"]]);
    const leaves = openChart(root, { charts: new Map(), opened: wanted, room: MOST, opens: () => false });
    expect(absent(leaves, wanted)).toEqual(wanted);
  });

  it("is never more than can be drawn: the box stays closed and is named", () => {
    const chart = openIn(root, [[["m0"], files], [["m1"], chartOf("g", [0, 0, 0], [], "files")]], 4);
    expect(chart.over).toEqual([1]);
    expect(chart.nodes).toHaveLength(4);
    const all = chartOf("x", Array.from({ length: MOST }, () => 0), [], "files");
    expect(openIn(root, [[["m0"], all]], MOST - root.nodes.length).over).toEqual([0]);
  });

  it("tells two definitions of one name apart", () => {
    const twice = chartOf("s", [0, 0], [], "symbols");
    const chart = openIn(root, [[["m0"], { ...twice, nodes: twice.nodes.map((node) => ({ ...node, id: "same" })) }]]);
    expect(new Set(chart.spots.map((spot) => keyOf(spot.chain))).size).toBe(chart.spots.length);
  });

  it("closes with everything that is open in it", () => {
    const opened = [["a"], ["a", "b"], ["ab"], ["a", "b", "c"]];
    expect(toggled(opened, ["a"])).toEqual([["ab"]]);
    expect(toggled([["ab"]], ["a"])).toEqual([["ab"], ["a"]]);
    expect(closedBelow(opened, ["a"])).toEqual([["a"], ["ab"]]);
    expect(closedBelow(opened, [])).toEqual([]);
  });

  it("stands in the address, where what is no list of names is nothing", () => {
    expect(opening((now) => [...now, ["a", "b"]])({ open: 7, focus: "x" })).toEqual({ open: [["a", "b"]], focus: "x" });
    expect(opening((now) => toggled(now, ["b"]))({ open: [["a"]], focus: "x" })).toEqual({ open: [["a"], ["b"]], focus: "x" });
    expect(opening((now) => toggled(now, ["a"]))({ open: [["a"]], focus: "x" })).toEqual({ focus: "x" });
    expect(chainsIn([["a", ""], [], ["a", 1], "a", { a: 1 }])).toEqual([["a", ""]]);
    const many = Array.from({ length: 1_500 }, (_, at) => [`m${at}`]);
    expect(chainsIn(many)).toEqual(many.slice(0, MOST));
    for (const strange of [undefined, null, "a", 7, true, { length: 1 }]) expect(chainsIn(strange)).toEqual([]);
  });

  it("is found by its names alone", () => {
    const services: Chart = { ...chartOf("web", [0]), level: "services" };
    const modules = ["web0", "web0/a"];
    expect(placeIn(services, ["web0"], modules)).toEqual({ level: "modules", focus: "web0" });
    expect(placeIn(services, ["web0", "web0/a"], modules)).toEqual({ level: "files", focus: "web0/a" });
    expect(placeIn(services, ["web0", "web0/a", "web0/a/x.ts"], modules)).toEqual({ level: "symbols", focus: "web0/a/x.ts" });
    expect(placeIn(services, ["web0", "web0/a", "web0/a/x.ts", "f"], modules)).toBeNull();
    expect(placeIn(services, ["nowhere"], modules)).toBeNull();
    expect(placeIn(services, [], modules)).toBeNull();
  });
});

describe("arrow keys", () => {
  const chart = openIn(chartOf("m", [1, 1, 0], [[0, 2], [1, 2]]), [[["m0"], chartOf("f", [1, 0], [[0, 1]], "files")]]);
  const { boxes } = drawn(chart);
  const step = (from: string, dx: number, dy: number) => chart.nodes[stepped(chart, boxes, chart.nodes.findIndex((node) => node.id === from), dx, dy)]?.id;

  it("go into an open box from above, walk in it, and leave it over its edges", () => {
    expect(step("m0", 0, 1)).toBe("f0");
    expect(step("f0", 0, 1)).toBe("f1");
    expect(step("f1", 0, 1)).toBe("m2");
    expect(step("f1", 1, 0)).toBe("m1");
    expect(step("f0", 0, -1)).toBe("m0");
    expect(step("m0", 0, -1)).toBe("m0");
    expect(step("m1", -1, 0)).toBe("m0");
  });
});
