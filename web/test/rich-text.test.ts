import { describe, expect, it } from "vitest";

import { blocks, inline, placeIn } from "@/lib/rich-text";
import { ambiguous } from "@/repo/place";

describe("notes", () => {
  it("are paragraphs and lists", () => {
    const text = "It is hard.\n\n**Evidence**\n- `src/a.ts:4-39`: long\n- seen twice\n\n**Effort:** 1 h\nDone";
    expect(blocks(text).map((block) => (block.kind === "list" ? block.items.length : block.kind === "code" ? block.text : block.content.map((each) => each.text).join("")))).toEqual([
      "It is hard.",
      "Evidence",
      2,
      "Effort: 1 h\nDone",
    ]);
  });

  it("hold headings, and code as it is, also where its fence is never closed", () => {
    expect(blocks("# Why\nIt broke.\n```ts\nif (a) {\n\n  b(`*c*`);\n}\n```\nThen\n````\n- x\n```")).toEqual([
      { kind: "heading", content: [{ kind: "text", text: "Why" }] },
      { kind: "paragraph", content: [{ kind: "text", text: "It broke." }] },
      { kind: "code", text: "if (a) {\n\n  b(`*c*`);\n}" },
      { kind: "paragraph", content: [{ kind: "text", text: "Then" }] },
      { kind: "code", text: "- x\n```" },
    ]);
  });

  it("know bold and code, and nothing else", () => {
    expect(inline("a **b** `c` ``d`e`` <i>f</i> [g](http://h)")).toEqual([
      { kind: "text", text: "a " },
      { kind: "bold", text: "b" },
      { kind: "text", text: " " },
      { kind: "code", text: "c" },
      { kind: "text", text: " " },
      { kind: "code", text: "d`e" },
      { kind: "text", text: " <i>f</i> [g](http://h)" },
    ]);
  });

  it("stay what they are when a mark is not closed", () => expect(inline("`a **b")).toEqual([{ kind: "text", text: "`a **b" }]));

  it.each([
    ["docs/a b.md:4", { path: "docs/a b.md", start: 4, end: 4 }],
    ["src/a.ts:4-39", { path: "src/a.ts", start: 4, end: 39 }],
    ["src/a.ts:7", { path: "src/a.ts", start: 7, end: 7 }],
    ["src/a.ts", null],
    ["GHSA-xxxx:1x", null],
  ])("hold places: %s", (code, place) => expect(placeIn(code)).toEqual(place));
});

describe("names", () => {
  it("need more than themselves where two repositories share one", () => {
    const repos = [
      { id: "1", name: "api" },
      { id: "2", name: "web" },
      { id: "3", name: "api" },
    ];
    expect([...ambiguous(repos)]).toEqual(["1", "3"]);
  });
});
