import { expect, it } from "vitest";

import type { Graph } from "@/api/types";
import { narrows, passing, type ModuleFilter } from "@/pages/repo/architecture/narrow";

const module = (path: string, change: Partial<Graph["modules"][number]>): Graph["modules"][number] => ({
  path, label: path, language: "Rust", files: 1, code: 1, layer: 0, cyclic: false, last_change: null, fan_in: 0, fan_out: 0, x: 0, y: 0, width: 1, height: 1, ...change,
});
const modules = [
  module("a", { last_change: "2026-06-30T00:00:00Z" }),
  module("b", { last_change: "2026-06-01T00:00:00Z", layer: 1 }),
  module("c", { last_change: "2026-03-01T00:00:00Z", language: "Go", cyclic: true }),
  module("d", { layer: 1 }),
];
const left = (filter: ModuleFilter) => modules.filter(passing(modules, filter)).map((each) => each.path).join("");

it("keeps what is of a layer, a language or a cycle", () => {
  expect([left({}), left({ layer: 2 }), left({ language: "Go" }), left({ cycles: true }), left({ layer: 1, language: "Rust" })]).toEqual(["abcd", "bd", "c", "c", "a"]);
  expect([narrows({}), narrows({ layer: 1 }), narrows({ since: 30 })]).toEqual([false, true, true]);
});

it("counts days back from the newest change, and keeps nothing whose change is not known", () => {
  expect([left({ since: 29 }), left({ since: 30 }), left({ since: 182 }), left({ since: 30, layer: 2 })]).toEqual(["a", "ab", "abc", "b"]);
  expect(passing([module("x", {})], { since: 30 })(module("x", {}))).toBe(false);
});
