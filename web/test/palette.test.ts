import { describe, expect, it } from "vitest";

import { fits, ID, LAST_RESORTS, readTyped } from "@/app/palette-parts";

describe("what is typed into the palette", () => {
  it("may begin with the letter of a kind", () => {
    expect(readTyped("  # late ")).toEqual({ kind: "task", rest: "late" });
    expect(readTyped("@")).toEqual({ kind: "person", rest: "" });
    expect(readTyped(":settle")).toEqual({ kind: "symbol", rest: "settle" });
    expect(readTyped("C# code")).toEqual({ kind: undefined, rest: "C# code" });
  });

  it("narrows to that kind, and then fits by the rest alone", () => {
    expect(fits("Ada ada", "@ada", ["person"])).toBeGreaterThan(0);
    expect(fits("Ada ada", "@", ["person"])).toBe(1);
    expect(fits("Ask Ada", "@ada", ["task"])).toBe(0);
    expect(fits("Ask Ada", "ada", ["task"])).toBeGreaterThan(0);
    expect(fits("Bob bob", "@ada", ["person"])).toBe(0);
  });

  it("does not look into the id that keeps two things of one name apart", () => {
    expect(fits(`Cap retries${ID}0193af`, "0193")).toBe(0);
    expect(fits(`Cap retries${ID}0193af`, "retries")).toBe(fits("Cap retries", "retries"));
  });

  it("offers what is always there last of all, but not below the letter of a kind", () => {
    expect(fits(LAST_RESORTS[0], "zzz")).toBeGreaterThan(0);
    expect(fits(LAST_RESORTS[0], "zzz")).toBeLessThan(fits("zzz", "zzz"));
    expect(fits(LAST_RESORTS[0], "#zzz")).toBe(0);
  });
});
