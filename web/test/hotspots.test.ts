import { expect, it } from "vitest";

import type { Hotspot } from "@/api/types";
import { byShare } from "@/pages/repo/hotspots/list";

const hotspot = (path: string, commits: number, complexity: number, score: number): Hotspot => ({
  path, commits, complexity, score, fixes: 0, recent_fixes: 0, authors: 1, changed_lines: 1, code: 1, coupled: [],
  with_tests: 0, followed: 0, functions: [], corrections: [],
});

it("orders hotspots by their share of commits times complexity, and equal ones as the server does", () => {
  const given = [hotspot("a", 100, 5, 100), hotspot("b", 50, 80, 100), hotspot("c", 25, 20, 99)];
  const shares = byShare(given).map(({ hotspot: { path }, share }) => [path, share]);
  expect(shares).toEqual([["b", 80], ["a", 10], ["c", 10]]);
  expect(byShare([hotspot("d", 0, 0, 0)])[0]?.share).toBe(0);
});
