import { describe, expect, it } from "vitest";

import { MOST, matrixOf } from "@/pages/repo/dependencies/matrix";

const module = (path: string, layer: number, cyclic = false) =>
  ({ path, label: path, language: null, files: 1, code: 1, layer, cyclic, last_change: null, fan_in: 0, fan_out: 0, x: 0, y: 0, width: 1, height: 1 });

describe("the matrix of modules", () => {
  it("has those that import the others first, and none that imports nothing and is imported by nothing", () => {
    const modules = [module("base", 0), module("app", 2), module("alone", 0), module("core", 1)];
    const edges = [{ from: 1, to: 3, count: 4 }, { from: 3, to: 0, count: 2 }, { from: 2, to: 2, count: 9 }];
    const { order, joined, count } = matrixOf({ modules, edges });
    expect(order.map((index) => modules[index]?.path)).toEqual(["app", "core", "base"]);
    expect([joined, count(1, 3), count(3, 1), count(2, 2)]).toEqual([3, 4, undefined, undefined]);
  });

  it("marks what is part of a circle, and keeps those with the most imports", () => {
    const pair = matrixOf({ modules: [module("a", 1, true), module("b", 1, true), module("c", 0)], edges: [{ from: 0, to: 1, count: 1 }, { from: 1, to: 0, count: 1 }, { from: 0, to: 2, count: 1 }] });
    expect([pair.circle(0, 1), pair.circle(1, 0), pair.circle(0, 2)]).toEqual([true, true, false]);
    const modules = Array.from({ length: MOST + 9 }, (_, index) => module(`m${index}`, MOST + 9 - index));
    const edges = modules.slice(1).map((_, index) => ({ from: index, to: index + 1, count: index + 1 }));
    const { order } = matrixOf({ modules, edges });
    expect(order).toHaveLength(MOST);
    expect(order).not.toContain(0);
    expect(order).toContain(MOST + 8);
  });
});
