import { describe, expect, it } from "vitest";

import { inMemories } from "@/api/memory-lists";
import type { Finding, Insight, Memory } from "@/api/types";
import { ofFinding, ofInsight, ofLines } from "@/memory/draft";
import { asAsked, reasonOf } from "@/memory/reasons";
import { memoryBody, type Change } from "@/offline/change";
import { differing, remaining } from "@/offline/conflict";
import { rewritten, unsavedMemory } from "@/offline/foresee";
import { patched } from "@/offline/patches";

const memory: Memory = { ...unsavedMemory({ title: "Cap retries", tags: ["api"] }, "m1", 0), version: 3, can: { edit: true, forget: true } };
const page = (items: Memory[]) => ({ pageParams: [""], pages: [{ items, next: null, total: items.length, kinds: [], states: [], tags: [] }] });

describe("a memory that changes", () => {
  const change = (known: Memory) => rewritten(known, { title: "Cap them" });

  it("changes in lists, in what was recalled, and where it stands alone", () => {
    const other = { ...memory, id: "m2" };
    const patch = { id: "m1", change };
    expect(inMemories(page([memory, other]), patch)).toEqual(page([{ ...memory, title: "Cap them" }, other]));
    expect(inMemories({ items: [{ memory, score: 1 }] }, patch)).toEqual({ items: [{ memory: { ...memory, title: "Cap them" }, score: 1 }] });
    expect(inMemories({ meta: {}, data: memory }, patch)).toEqual({ meta: {}, data: { ...memory, title: "Cap them" } });
    expect(inMemories(undefined, patch)).toBeUndefined();
  });

  it("begins a list once, and is in no search before it was saved", () => {
    const once = inMemories(page([]), { added: memory });
    expect(once).toEqual(page([memory]));
    expect(inMemories(once, { added: memory })).toBe(once);
    const recalled = { items: [] };
    expect(inMemories(recalled, { added: memory })).toBe(recalled);
  });
});

const change: Change = {
  workspace: "home",
  object: "memory:m1",
  label: "",
  effect: { kind: "memory.update", id: "m1", fields: { title: "Mine", tags: ["api"], expires_at: null } },
  request: { method: "PATCH", path: "/", params: { path: {} }, body: { title: "Mine", tags: ["api"], never_expires: true, version: 3 } },
  user: "u1",
  key: "k1",
  at: 0,
};

describe("two people who changed a memory", () => {
  const theirs = { ...memory, title: "Theirs", expires_at: "2099-05-03T00:00:00Z", version: 4 };

  it("are asked about what differs alone", () => {
    if (change.effect.kind !== "memory.update") throw new Error("another change");
    expect(differing(change.effect.fields, theirs)).toEqual(["title", "expires_at"]);
  });

  it("send what is to stand as the server takes it", () => {
    expect(remaining(change, theirs, new Set(["expires_at"] as const))?.request.body).toEqual({ never_expires: true, version: 4 });
    expect(remaining(change, theirs, new Set())).toBeUndefined();
    expect(memoryBody({ expires_at: "2099-01-01T00:00:00Z" })).toEqual({ expires_at: "2099-01-01T00:00:00Z" });
  });

  it("see what waits on top of what was read", () => {
    const place = ["w", "home", "memories", "list", {}];
    expect(patched(place, page([memory]), [change])).toEqual(page([{ ...memory, title: "Mine", expires_at: null }]));
    expect(patched(["w", "other", "memories", "list", {}], page([memory]), [change])).toEqual(page([memory]));
  });
});

describe("why a memory was found", () => {
  const none = { meaning: 0, words: 0, terms: [], neighbours: 0, recency: 0.03, trust: 0 };

  it("is told in the words of the question", () => {
    expect(asAsked(["provid", "429"], "Which Provider says 429?")).toBe("provider, 429");
    expect(reasonOf({ ...none, meaning: 0.2, words: 0.1, terms: ["retri"] }, "Retries?")).toBe("words: retries · alike in meaning");
    expect(reasonOf({ ...none, neighbours: 0.1 }, "?")).toBe("linked to another one found");
    expect(reasonOf(none, "?")).toBe("");
  });
});

describe("what is on the screen", () => {
  const at = { id: "r1", commit: "c".repeat(40) };
  const file = (target: string) => ({ kind: "file", target, repo: "r1", commit: at.commit });

  it("is remembered with the places that it rests on", () => {
    expect(ofLines({ path: "src/a.ts", start: 3, end: 5 }, at)).toMatchObject({ kind: "bookmark", evidence: [file("src/a.ts:3-5")] });
    expect(ofLines({ path: "src/a.ts", start: 0, end: 0 }, at).evidence).toEqual([file("src/a.ts")]);
    const finding = { id: "f1", message: "It is hard.", span: { path: "src/a.ts", start: 7, end: 7 } } as Finding;
    expect(ofFinding(finding, "Hard function", at)).toEqual({
      title: "Hard function: src/a.ts:7",
      text: "It is hard.",
      kind: "note",
      evidence: [{ kind: "finding", target: "f1", repo: "r1", commit: null }, file("src/a.ts:7")],
    });
  });

  it("keeps of an insight what can be followed", () => {
    const note = { note: "", origin: "measured" as const };
    const evidence = [
      { type: "span", span: { path: "a.py", start: 1, end: 2 }, ...note },
      { type: "commit", id: "d".repeat(40), ...note },
      { type: "metric", name: "churn", value: 3, unit: null, ...note },
    ];
    expect(ofInsight({ title: "Split it", why: "It is long.", evidence } as unknown as Insight, at).evidence).toEqual([
      file("a.py:1-2"),
      { kind: "commit", target: "d".repeat(40), repo: "r1", commit: null },
    ]);
  });
});
