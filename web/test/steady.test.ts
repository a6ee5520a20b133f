import { describe, expect, it } from "vitest";

import { held } from "@/live/steady";
import type { Analysis } from "@/api/types";
import { entriesOf, offsetText } from "@/pages/repo/run/entries";

const key = (text: string) => text;

describe("a list that holds still", () => {
  it("shows the rows where they were, and counts what came, went and moved", () => {
    expect(held(["a", "b", "c"], ["a", "b", "c"], key)).toEqual({ shown: ["a", "b", "c"], waiting: 0 });
    expect(held(["a", "b"], ["x", "a", "b"], key)).toEqual({ shown: ["a", "b"], waiting: 1 });
    expect(held(["a", "b", "c"], ["a", "c"], key)).toEqual({ shown: ["a", "b", "c"], waiting: 1 });
    expect(held(["a", "b", "c"], ["c", "a", "b"], key).shown).toEqual(["a", "b", "c"]);
    expect(held(["a", "b"], ["b", "a"], key).waiting).toBe(2);
  });

  it("grows by what was read on, which does not wait", () => {
    expect(held(["a", "b", "c"], ["a", "c", "d", "e"], key, true)).toEqual({ shown: ["a", "b", "c", "d", "e"], waiting: 1 });
    expect(held(["a", "b"], ["x", "a", "b", "c"], key, true)).toEqual({ shown: ["a", "b", "c"], waiting: 1 });
    // Where nothing is left of the list, the next page still follows.
    expect(held(["a", "b"], ["x", "y", "z"], key, true)).toEqual({ shown: ["a", "b", "z"], waiting: 2 });
    expect(held(["a", "b"], ["a", "c"], key)).toEqual({ shown: ["a", "b"], waiting: 1 });
  });

  it("takes what is new of a row that stays, and counts one that changed its place once", () => {
    const before = [{ key: "1 todo", title: "old" }, { key: "2 todo", title: "two" }];
    const now = [{ key: "1 todo", title: "new" }, { key: "2 done", title: "two" }];
    const { shown, waiting } = held(before, now, (each) => each.key);
    expect(shown.map((each) => [each.key, each.title])).toEqual([["1 todo", "new"], ["2 todo", "two"]]);
    expect(waiting).toBe(1);
  });
});

describe("the log of a run", () => {
  const run = (change: Partial<Analysis>): Analysis =>
    ({
      id: "1", state: "done", created_at: "2026-11-01T10:00:00Z", started_at: "2026-11-01T10:00:02Z", finished_at: "2026-11-01T10:00:05Z",
      commit: "0123456789", failure: null, facts: [],
      phases: [
        { phase: "fetch", state: "done", percent: 10, done: 11, total: 11, unit: "files", took_ms: 1000, facts: ["Branch main", "11 files"] },
        { phase: "languages", state: "done", percent: 20, done: 11, total: 12, unit: "files", took_ms: 500, facts: [] },
      ],
      ...change,
    }) as unknown as Analysis;

  it("says what happened when, each fact once", () => {
    expect(entriesOf(run({})).map((each) => `${offsetText(each.at)} ${each.what}`)).toEqual([
      "0 Asked for",
      "+2 s A worker took it",
      "+3 s Files and commits: done in 1 s · 11 files · Branch main",
      "+3.5 s Languages: done in 500 ms · 11 files of 12",
      "+5 s Report of 0123456 saved",
    ]);
  });

  it("says where a run failed, and what it did not reach", () => {
    const phases = [
      { phase: "fetch", state: "failed", percent: 10, done: null, total: null, unit: null, took_ms: null, facts: [] },
      { phase: "languages", state: "skipped", percent: 20, done: null, total: null, unit: null, took_ms: null, facts: [] },
    ] as unknown as Analysis["phases"];
    const failure = { code: "empty_repository", detail: "It has no commit." };
    const entries = entriesOf(run({ state: "failed", commit: null, phases, failure }));
    expect(entries.slice(2).map((each) => [each.what, each.tone])).toEqual([
      ["Files and commits: failed", "critical"],
      ["Languages: not reached", undefined],
      ["Ended without a report. It has no commit.", "critical"],
    ]);
  });
});
