import { describe, expect, it } from "vitest";

import type { Finding, Hotspots } from "@/api/types";
import { toCsv } from "@/lib/csv";
import { COLUMNS } from "@/pages/repo/findings/export";
import { tilesOf } from "@/repo/hotspot-map";
import { squarify } from "@/repo/treemap";
import { knownToNobody } from "@/repo/unknown";

describe("a treemap", () => {
  it("gives each size its area, fills the frame, and overlaps nowhere", () => {
    const sizes = [600, 300, 200, 100, 50, 25, 5, 0];
    const frame = { x: 0, y: 0, width: 640, height: 320 };
    const boxes = squarify(sizes, frame);
    const all = sizes.reduce((sum, each) => sum + Math.max(1, each), 0);
    for (const [index, box] of boxes.entries()) {
      expect(box.width * box.height).toBeCloseTo((Math.max(1, sizes[index] ?? 0) * 640 * 320) / all, 3);
      expect(box.x + box.width).toBeLessThanOrEqual(640.001);
      expect(box.y + box.height).toBeLessThanOrEqual(320.001);
    }
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
        const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
        expect(Math.min(across, down)).toBeLessThan(0.001);
      }
    }
    expect(squarify([], frame)).toEqual([]);
  });

  it("groups by folder, passes over folders of one, and keeps every number", () => {
    const spots = [
      { path: "src/net/a.rs", code: 100, share: 40, fixes: 0 },
      { path: "src/net/b.rs", code: 50, share: 30, fixes: 0 },
      { path: "web/app/src/c.ts", code: 70, share: 20, fixes: 0 },
      { path: "main.rs", code: 10, share: 10, fixes: 0 },
    ];
    expect(tilesOf(spots, "").map(({ path, files, code }) => [path, files, code])).toEqual([
      ["src/net", 2, 150],
      ["web/app/src/c.ts", null, 70],
      ["main.rs", null, 10],
    ]);
    expect(tilesOf(spots, "src/net").map((each) => each.name)).toEqual(["a.rs", "b.rs"]);
    expect(tilesOf(spots, "sr")).toEqual([]);
  });
});

describe("a folder that nobody knows", () => {
  it("has no one who changed anything lately, anywhere", () => {
    const row = (folder: string, last: string, person: number) => ({
      folder, last_change: last, shares: [{ person, percent: 90, last_change: last }],
      code: 1, commits: 5, fixes: 0, people: 1, main_share: 90, absence_factor: 1,
    });
    const ownership: Hotspots["ownership"] = [
      row("old", "2025-01-01T00:00:00Z", 0),
      row("kept", "2025-01-01T00:00:00Z", 1),
      row("new", "2025-11-01T00:00:00Z", 1),
    ];
    expect(knownToNobody({ ownership }).map((each) => each.folder)).toEqual(["old"]);
    expect(knownToNobody({ ownership: [] })).toEqual([]);
  });
});

describe("a table for a spreadsheet", () => {
  it("quotes what would break it, and takes no text for a formula", () => {
    const finding = {
      severity: "high", kind: "secret", rule: "r", message: '=HYPERLINK("x"),\nmore', span: { path: "-a,b.py", start: 3, end: 3 },
      in_test: false, in_example: false, first_seen_at: "2025-01-01T00:00:00Z", state: "open",
    } as unknown as Finding;
    expect(toCsv(COLUMNS, [finding]).split("\r\n")[1]).toBe(`high,secret,r,"'=HYPERLINK(""x""),\nmore","'-a,b.py",3,false,false,2025-01-01T00:00:00Z,open`);
  });
});
