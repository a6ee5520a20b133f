import { describe, expect, it } from "vitest";

import type { Analysis, Phase, PhaseStatus } from "@/api/types";
import { advance, notBehind } from "@/live/progress";

const NAMES: [Phase, number][] = [
  ["fetch", 10],
  ["languages", 20],
  ["structure", 40],
];

const queued = (): PhaseStatus[] =>
  NAMES.map(([phase, percent]) => ({ phase, percent, state: "queued", done: null, total: null, unit: null, took_ms: null, facts: [] }));

const analysis = (change: Partial<Analysis> = {}): Analysis => ({
  id: "a",
  repo: { id: "r", slug: "r", name: "r" },
  state: "queued",
  percent: 0,
  phases: queued(),
  facts: [],
  failure: null,
  commit: null,
  created_at: "2026-11-22T09:00:00Z",
  ahead: 2,
  started_at: null,
  finished_at: null,
  summary: null,
  can: { cancel: true, retry: false },
  ...change,
});

const states = (each: Analysis) => each.phases.map((phase) => phase.state);

describe("progress", () => {
  it("finishes the phases before the running one and counts only finished milestones", () => {
    const next = advance(analysis(), { analysis: "a", phase: "structure", done: 12, total: 40, unit: "files" });
    expect(states(next)).toEqual(["done", "done", "running"]);
    expect([next.state, next.ahead, next.percent, next.phases[2]?.done]).toEqual(["running", null, 20, 12]);
  });

  it("never goes back", () => {
    const later = advance(analysis(), { analysis: "a", phase: "structure", done: 30, total: 40 });
    expect(advance(later, { analysis: "a", phase: "languages", done: 1 })).toBe(later);
    expect(advance(later, { analysis: "a", phase: "structure", done: 5, total: 40 }).phases[2]?.done).toBe(30);
  });

  it("finishes a phase when it is told so", () => {
    const next = advance(analysis(), { analysis: "a", phase: "languages", facts: ["Rust 81 %"], finished: true });
    expect(states(next)).toEqual(["done", "done", "queued"]);
    expect([next.percent, next.facts]).toEqual([20, ["Rust 81 %"]]);
  });

  it("does not touch a run that has ended", () => {
    const done = analysis({ state: "done", percent: 100 });
    expect(advance(done, { analysis: "a", phase: "fetch", done: 1 })).toBe(done);
  });

  it("says each fact once", () => {
    const next = advance(analysis({ facts: ["Rust 81 %"] }), { analysis: "a", phase: "fetch", facts: ["Rust 81 %", "2 files"] });
    expect(next.facts).toEqual(["Rust 81 %", "2 files"]);
  });
});

describe("a snapshot that was read", () => {
  const known = advance(analysis(), { analysis: "a", phase: "languages", facts: ["Rust 81 %"], finished: true });

  it("does not take back what the live channel told while it was under way", () => {
    const next = notBehind(known, analysis({ facts: ["2 files"] }));
    expect([next.state, next.percent, states(next)]).toEqual(["running", 20, ["done", "done", "queued"]]);
    expect(next.facts).toEqual(["Rust 81 %", "2 files"]);
  });

  it("counts when it is further, when the run ended, and when it is of another run", () => {
    const further = analysis({ state: "running", percent: 40 });
    const failed = analysis({ state: "failed" });
    const other = analysis({ id: "b" });
    for (const read of [further, failed, other]) expect(notBehind(known, read)).toBe(read);
    expect(notBehind(undefined, other)).toBe(other);
  });

  it("does not wake a run that has ended", () => {
    const done = analysis({ state: "done", percent: 100 });
    expect(notBehind(done, analysis({ state: "running", percent: 90 }))).toBe(done);
  });
});
