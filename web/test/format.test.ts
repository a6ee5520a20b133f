import { describe, expect, it } from "vitest";

import { plural } from "@/lib/count";
import { formatAge, formatBytes, formatEffort, formatDuration, formatFact, formatPercent, formatPlace, formatShare, words } from "@/lib/format";
import { visible } from "@/lib/visible";
import { parsePeek, peekText } from "@/lib/peek";

describe("formats", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_500, "1.5 kB"],
    [60_000_000, "60 MB"],
  ])("bytes: %i", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, "0 %"],
    [0.04, "< 0.1 %"],
    [0.4, "0.4 %"],
    [71.24, "71.2 %"],
    [99.97, "> 99.9 %"],
    [100, "100 %"],
  ])("percent: %f", (percent, text) => expect(formatPercent(percent).replaceAll("\u00a0", " ")).toBe(text));

  it.each([
    ["Rust 81 %", false, "Rust 81 %"],
    ["HTML 0 %", false, "HTML < 1 %"],
    ["Go 100 %", true, "Go 100 %"],
    ["Go 100 %", false, "Go > 99 %"],
  ])("share: %s, alone: %s", (given, alone, text) => expect(formatShare(given, alone).replaceAll("\u00a0", " ")).toBe(text));

  it.each([
    ["5531 files", "5,531 files"],
    ["1 commits", "1 commit"],
    ["1420 packages, 1300 direct", "1,420 packages, 1,300 direct"],
    ["14040 findings in the code", "14,040 findings in the code"],
    ["Branch 2024", "Branch 2024"],
    ["Branch release-2024", "Branch release-2024"],
    ["Branch main", "Branch main"],
    ["2 vulnerable packages", "2 vulnerable packages"],
  ])("fact: %s", (given, text) => expect(formatFact(given)).toBe(text));

  it.each([
    [15, 30, "15-30 min"],
    [30, 30, "30 min"],
    [60, 120, "1-2 h"],
    [480, 1920, "1-4 days"],
  ])("effort: %i to %i", (min, max, text) => expect(formatEffort(min, max)).toBe(text));

  it.each([
    [0, "< 1 s"],
    [-5, "< 1 s"],
    [7_900, "7 s"],
    [60_000, "1 min"],
    [65_000, "1 min 5 s"],
    [3_723_000, "1 h 2 min"],
  ])("duration: %i", (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  it("ages are relative under a week and dates after that", () => {
    const now = Date.parse("2026-11-22T12:00:00Z");
    expect(formatAge("2026-11-22T11:59:50Z", now)).toBe("just now");
    expect(formatAge("2026-11-22T11:58:00Z", now)).toBe("2 min. ago");
    expect(formatAge("2026-11-21T11:00:00Z", now)).toBe("1 day ago");
    expect(formatAge("2026-11-03T12:00:00Z", now)).toBe("3 Nov 2026");
    expect(formatAge("never", now)).toBe("never");
  });

  it("counts agree with their nouns", () => {
    expect([plural(0, "file", "files"), plural(1, "file", "files"), plural(5389, "file", "files")]).toEqual(["0 files", "1 file", "5,389 files"]);
  });

  it("places name lines only where there are any", () => {
    expect(formatPlace({ path: "a/b.rs", start: 0, end: 0 })).toBe("a/b.rs");
    expect(formatPlace({ path: "a/b.rs", start: 7, end: 7 })).toBe("a/b.rs:7");
    expect(formatPlace({ path: "a/b.rs", start: 7, end: 9 })).toBe("a/b.rs:7-9");
  });

  it("shows control and direction characters instead of obeying them", () => {
    expect(visible("a\u202eb\u0007c\td")).toBe("a\\u{202e}b\\u{7}c\td");
  });

  it("turns codes into words", () => expect(words("change_risk")).toBe("Change risk"));
});

describe("peek", () => {
  it.each([
    { kind: "source", repo: "api", path: "src/a:b.ts", start: 10, end: 20 },
    { kind: "finding", id: "0192-x" },
    { kind: "dependency", id: "npm/@scope/name@1.0.0" },
  ] as const)("survives the address: $kind", (target) => expect(parsePeek(peekText(target))).toEqual(target));

  it.each([undefined, "", "src:api:x-2:p", "other:1", "src:api:1-2:"])("is nothing: %s", (text) => expect(parsePeek(text)).toBeNull());
});
