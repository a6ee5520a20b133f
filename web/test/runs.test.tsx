import { act } from "react";
import { createRoot } from "react-dom/client";
import { describe, expect, it } from "vitest";

import type { Analysis, Explain, Meta, PhaseStatus } from "@/api/types";
import { formatTook } from "@/lib/format";
import Phases from "@/pages/repo/run/phases";
import { explanation } from "@/repo/explain";
import { stretches } from "@/repo/trend";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const run = (id: string, score: number | null, analyzer = "1", branch: string | null = "main"): Analysis =>
  ({ id, summary: { score, grade: "B", analyzer, branch } }) as Analysis;

describe("the line of the score", () => {
  // As the server gives them: the newest first.
  const shape = (runs: readonly Analysis[]) => stretches(runs).map((line) => line.map(({ analysis, score, x }) => [analysis.id, score, x]));

  it("goes from the oldest run to the newest", () => {
    expect(shape([run("c", 90), run("b", 80), run("a", 70)])).toEqual([[["a", 70, 0], ["b", 80, 0.5], ["c", 90, 1]]]);
  });

  it("has a gap where a run has no score, and never a zero", () => {
    const failed = { id: "b", summary: null } as Analysis;
    expect(shape([run("d", 90), run("c", null), failed, run("a", 70)])).toEqual([[["a", 70, 0]], [["d", 90, 1]]]);
  });

  it("begins anew where other rules judge", () => {
    const lines = stretches([run("c", 60, "2"), run("b", 60, "2"), run("a", 90, "1")]);
    expect(lines.map((line) => line.length)).toEqual([1, 2]);
    expect(lines.flat().map((point) => point.breaks)).toEqual([undefined, "rules", undefined]);
  });

  it("begins anew on another branch, and not where none is known", () => {
    const lines = stretches([run("d", 60, "1", null), run("c", 60, "1", "dev"), run("b", 60, "1", "dev"), run("a", 90)]);
    expect(lines.map((line) => line.length)).toEqual([1, 3]);
    expect(lines.flat().map((point) => point.breaks)).toEqual([undefined, "branch", undefined, undefined]);
  });
});

describe("how long a phase took", () => {
  it("is said as finely as it was measured", () => {
    expect([0, 12, 999, 1400, 9990, 65_000].map(formatTook)).toEqual(["0 ms", "12 ms", "999 ms", "1.4 s", "10 s", "1 min 5 s"]);
  });

  it("is a dash where nobody measured it", () => {
    const phase = (name: PhaseStatus["phase"], took_ms: number | null, facts: string[]): PhaseStatus => ({
      phase: name,
      state: "done",
      percent: 10,
      done: 1,
      total: 1,
      unit: "files",
      took_ms,
      facts,
    });
    const host = document.createElement("div");
    const root = createRoot(host);
    act(() => root.render(<Phases phases={[phase("fetch", 1500, []), phase("languages", null, ["1529 files known from an earlier run"])]} />));
    // What a narrow table shows below the name is in a column of its own elsewhere.
    for (const each of host.querySelectorAll("td .\\@3xl\\:hidden")) each.remove();
    const rows = [...host.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent));
    expect(rows).toEqual([
      ["Files and commits", "1.5 s", ""],
      ["Languages", "–", "1,529 files known from an earlier run"],
    ]);
    act(() => root.unmount());
  });
});

describe("an explanation as text", () => {
  const explain: Explain = {
    figure: "vulnerable",
    of: null,
    value: null,
    formula: "Package versions in use that an advisory names.",
    inputs: [{ name: "versions compared", value: "1420" }],
    window: null,
    missing: ["Nobody decided."],
    origin: "measured",
  };
  const meta: Meta = { as_of: "2026-11-22T09:12:00Z", source: "cache", commit: "c0ffee00c0ffee", analyzer: "1", partial: [] };

  it("says what was not measured in words", () => {
    expect(explanation(explain, "Vulnerable", meta)).toBe(
      "Vulnerable: Not measured @ c0ffee0\nPackage versions in use that an advisory names.\nversions compared: 1,420\nNobody decided.",
    );
  });

  it("names the window and the figure", () => {
    const text = explanation({ ...explain, value: "12345", window: "the 365 days before the newest commit" }, "Commits", meta);
    expect(text.split("\n")).toContain("Window: the 365 days before the newest commit");
    expect(text.split("\n")[0]).toBe("Commits: 12,345 @ c0ffee0");
  });
});
