import { describe, expect, it } from "vitest";

import type { Blame } from "@/api/types";
import { linesHash } from "@/lib/hash";
import { ageStep, parseLines, windowOf } from "@/lib/lines";
import { blameLines } from "@/pages/repo/code/blame";
import { split } from "@/ui/tokens";

describe("lines in the address", () => {
  it("are read as they are written", () => {
    expect(parseLines("L10")).toEqual({ start: 10, end: 10 });
    expect(parseLines("L10-L20")).toEqual({ start: 10, end: 20 });
    expect(parseLines("L20-10")).toEqual({ start: 10, end: 20 });
    for (const strange of ["", "L0", "10", "L", "L1-L", "L1x", "L99999999999"]) expect(parseLines(strange)).toBeNull();
    expect([linesHash(0), linesHash(3), linesHash(3, 3), linesHash(3, 9)]).toEqual(["", "L3", "L3", "L3-L9"]);
  });

  it("lie in one answer of 2,000", () => {
    expect(windowOf(1)).toEqual({ start: 1, end: 2000 });
    expect(windowOf(2000)).toEqual({ start: 1, end: 2000 });
    expect(windowOf(2001)).toEqual({ start: 2001, end: 4000 });
  });
});

describe("parts of a line", () => {
  it("make up its text, whatever the server says", () => {
    expect(split("let a = 1", [0, 3, 4, 8, 1, 3])).toEqual([["let", 4], [" a = ", 0], ["1", 3]]);
    for (const tokens of [[], [0, 99, 1], [4, 2, 1, 0, 2, 1], [0, 1], [8, 5, 1]]) {
      expect(split("some text", tokens).map(([text]) => text).join("")).toBe("some text");
    }
  });
});

describe("where lines come from", () => {
  const commit = (author: string, authored: string) => ({ id: author, author, authored, subject: `By ${author}`, edge: false });
  const blame: Blame = {
    path: "a",
    commit: "c",
    form: "text",
    named: true,
    runs: [{ start: 1, end: 2, commit: 0 }, { start: 3, end: 3, commit: null }, { start: 4, end: 4, commit: 1 }],
    commits: [commit("Ada", "2020-01-01T00:00:00Z"), commit("Ben", "2024-01-01T00:00:00Z")],
  };

  it("is known for each line, and said once for a stretch", () => {
    const lines = blameLines(blame, Date.parse("2024-02-01T00:00:00Z"));
    expect([1, 2, 3, 4].map((number) => lines.get(number)?.lead)).toEqual([true, false, true, true]);
    expect([1, 2, 3, 4].map((number) => lines.get(number)?.author)).toEqual(["Ada", "Ada", "", "Ben"]);
    expect([1, 3, 4].map((number) => lines.get(number)?.step)).toEqual([1, 1, 5]);
    expect(lines.get(3)?.commit).toBeNull();
  });

  it("has its age in five steps among the lines of the file", () => {
    expect([0, 19, 20, 50, 99, 100].map((time) => ageStep(time, 0, 100))).toEqual([1, 1, 2, 3, 5, 5]);
    expect(ageStep(7, 7, 7)).toBe(5);
  });
});
