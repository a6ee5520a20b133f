import { expect, it } from "vitest";

import type { Coverage } from "@/api/types";
import { reasons } from "@/repo/coverage";

const coverage = (total: number, ...all: string[]): Coverage => ({
  files: 9, files_read: 9, files_parsed: 9, bytes: 9, notes: [], limits: [], skipped_total: total,
  skipped: all.map((reason, index) => ({ path: `f${index}`, reason })),
});

it("says why files were left out, the most frequent reason first, and how many are not listed", () => {
  expect(reasons(coverage(0))).toEqual([]);
  expect(reasons(coverage(9, "symlink", "too_large", "too_large", "strange_new_reason"))).toEqual([
    "2 larger than the limit for one file",
    "1 strange_new_reason",
    "1 link; links are not followed",
    "5 that are not listed",
  ]);
});
