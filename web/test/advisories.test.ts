import { describe, expect, it } from "vitest";

import type { AdvisoryCheck, AdvisoryStatus } from "@/api/types";
import { asOfFor, formatSpan, knowledgeOf, levelOf } from "@/repo/advisory-age";
import { unanswered } from "@/pages/start/advisory-question";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const ANALYSED = "2026-11-22T11:00:00Z";

const check = (change: Partial<AdvisoryCheck> = {}): AdvisoryCheck => ({
  state: "checked",
  source: "mirror",
  as_of: "2024-10-10T17:22:00Z",
  reason: null,
  uncovered: [],
  unpinned: 0,
  compared: 103,
  ...change,
});

const status = (change: Partial<AdvisoryStatus> = {}): AdvisoryStatus => ({
  mode: "mirror",
  version: 1,
  can: { set_mode: true, import: true },
  ecosystems: [
    { ecosystem: "npm", records: 10, as_of: "2026-11-20T00:00:00Z", imported_at: "2026-11-22T10:00:00Z" },
    { ecosystem: "PyPI", records: 20, as_of: "2024-10-10T17:22:00Z", imported_at: "2026-11-22T10:00:00Z" },
  ],
  ...change,
});

describe("the age of advisories", () => {
  it.each([
    ["2026-11-16T00:00:00Z", "fresh", "6 days"],
    ["2026-11-14T12:00:00Z", "aging", "8 days"],
    ["2026-10-22T12:00:00Z", "old", "31 days"],
    ["2026-08-20T12:00:00Z", "old", "3 months"],
    ["2024-10-10T17:22:00Z", "outdated", "25 months"],
    ["2021-10-10T17:22:00Z", "outdated", "5 years"],
    ["2026-12-01T00:00:00Z", "fresh", "0 days"],
  ])("%s is %s", (asOf, level, span) => {
    expect(levelOf(asOf, NOW)).toBe(level);
    expect(formatSpan(asOf, NOW)).toBe(span);
  });

  it("gives each ecosystem in use its own date, the oldest first", () => {
    const { known, newer } = knowledgeOf(check(), ANALYSED, ["npm", "PyPI", "Go"], status());
    expect(known.map((each) => each.ecosystem)).toEqual(["PyPI", "npm"]);
    expect(newer).toBe(false);
    expect(asOfFor(known, "npm")).toBe("2026-11-20T00:00:00Z");
    expect(asOfFor(known, "Go")).toBeUndefined();
  });

  it("keeps the report's own date when the mirror was imported again after it, and says so", () => {
    const [npm, pypi] = status().ecosystems;
    const again = status({ ecosystems: [npm!, { ...pypi!, as_of: "2026-11-21T00:00:00Z", imported_at: "2026-11-22T11:30:00Z" }] });
    const { known, newer } = knowledgeOf(check(), ANALYSED, ["npm", "PyPI"], again);
    expect(known).toEqual([{ ecosystem: null, asOf: "2024-10-10T17:22:00Z" }]);
    expect(newer).toBe(true);
    expect(asOfFor(known, "npm")).toBe("2024-10-10T17:22:00Z");
  });

  it("takes an answer from outside to be as new as the question", () => {
    const { known } = knowledgeOf(check({ source: "online", as_of: "2022-01-01T00:00:00Z" }), ANALYSED, ["npm"], undefined);
    expect(known).toEqual([{ ecosystem: null, asOf: ANALYSED }]);
  });

  it("knows nothing when nothing was checked", () => {
    expect(knowledgeOf(check({ state: "not_checked", as_of: null, source: null }), ANALYSED, ["npm"], status()).known).toEqual([]);
  });
});

describe("the question about vulnerabilities", () => {
  const empty = status({ ecosystems: [] });
  it.each([
    ["undecided", empty, false, "decide"],
    ["mirror", empty, false, "import"],
    ["mirror", empty, true, null],
    ["mirror", status(), false, null],
    ["none", empty, false, null],
    ["online", empty, false, null],
  ] as const)("%s", (mode, given, without, open) => expect(unanswered(given, mode, without)).toBe(open));

  it("does not keep those who may not answer it", () => {
    expect(unanswered({ ...empty, can: { set_mode: false, import: false } }, "undecided", false)).toBeNull();
  });
});
