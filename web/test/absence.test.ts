import { expect, it } from "vitest";

import { missed, without } from "@/repo/absence";

const at = "2026-01-01T00:00:00Z";
const row = (folder: string, shares: [number, number][]) => ({
  folder, code: 10, commits: 9, fixes: 1, people: shares.length, main_share: shares[0]?.[1] ?? 0, absence_factor: 1, last_change: at,
  shares: shares.map(([person, percent]) => ({ person, percent, last_change: at })),
});
const found = {
  people: ["Ana", "Bo", "Cy", "Ana"].map((name) => ({ name, commits: 1, percent: 1 })),
  ownership: [row("a", [[0, 60], [1, 40]]), row("b", [[1, 50], [2, 50]]), row("c", [[2, 100]]), row("d", [[3, 90], [2, 10]])],
};
const told = (...away: string[]) =>
  missed(without(found, away)).map(({ row: { folder }, lost, next }) => [folder, lost, next && found.people[next.person]?.name]);

it("misses nobody where nobody is away", () => {
  expect(told()).toEqual([]);
});

it("misses a person where they made more than half, and names who knows most of those who stay", () => {
  expect(told("Ana")).toEqual([["a", 60, "Bo"], ["d", 90, "Cy"]]);
});

it("does not miss a person where half is left", () => {
  expect(told("Bo")).toEqual([]);
});

it("adds up those who are away together, down to a folder that nobody else changed", () => {
  expect(told("Bo", "Cy")).toEqual([["b", 100, undefined], ["c", 100, undefined]]);
});
