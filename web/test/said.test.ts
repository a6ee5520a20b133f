import { describe, expect, it } from "vitest";

import type { ChatAnswer, ChatMessage, ChatSource } from "@/api/types";
import { buries, MOST, nameOf, ofPlace, withOne } from "@/chat/attachments";
import { answerText, asMemory, citedIn, fellBack, unsupported, writtenBy } from "@/chat/said";

const place = { repo: "r1", commit: "c".repeat(40), path: "src/a.ts", start: 3, end: 5 };
const source = (number: number, rest: Partial<ChatSource> = {}): ChatSource =>
  ({ number, kind: "code", key: `k${number}`, name: `source ${number}`, why: "", terms: [], added: "auto", score: 1, tokens: 1, text: "", place: null, id: null, hidden: false, ...rest }) as ChatSource;
const model = { kind: "model", provider: "House", model: "qwen", input_tokens: 1100, output_tokens: 104, micros: 12_300, kept: false } as const;
const answer = (rest: Partial<ChatAnswer> = {}): ChatAnswer =>
  ({
    template: "answer 1",
    writer: model,
    missed: [],
    sources: [source(1, { place }), source(2, { kind: "memory", id: "m1" }), source(3, { kind: "task", id: "DEV-3" })],
    direct: true,
    citations: [{ number: 3, supported: true }, { number: 1, supported: true }, { number: 9, supported: false }],
    left_out: [],
    removed: [],
    note: null,
    first_word_ms: 1,
    took_ms: 3200,
    ...rest,
  }) as ChatAnswer;

describe("what an answer says of itself", () => {
  it("is who wrote it, how long it took and what it cost", () => {
    expect(writtenBy(answer())).toBe("House · qwen · 3.2 s · 1,204 tokens · 0.0123");
    expect(writtenBy(answer({ writer: { ...model, micros: 0 }, took_ms: null }))).toBe("House · qwen · 1,204 tokens");
    expect(writtenBy(answer({ writer: { ...model, kept: true } }))).toMatch(/^House · qwen · Saved answer/);
    expect(writtenBy(answer({ writer: null }))).toBe("");
  });

  it("is who was asked before and did not answer", () => {
    const missed = [{ provider: "Far", model: "big", why: "it did not answer in 8 s" }];
    expect(fellBack(answer())).toBe("");
    expect(fellBack(answer({ missed }))).toBe("Far · big: it did not answer in 8 s. Answered by House · qwen.");
    expect(fellBack(answer({ missed: [{ provider: "House", model: "qwen", why: "broke off" }] }))).toBe("");
    expect(fellBack(answer({ missed, writer: null }))).toBe("Far · big: it did not answer in 8 s.");
  });

  it("is what it cites, and how much of that is invented", () => {
    expect(citedIn(answer()).map(({ number }) => number)).toEqual([1, 3]);
    expect(unsupported(answer())).toBe(1);
    const nobody = { kind: "nobody", why: "no_model", words: "", retry_after: null } as const;
    expect(citedIn(answer({ writer: nobody })).length).toBe(3);
  });
});

describe("an answer that goes elsewhere", () => {
  it("says what its numbers mean", () => expect(answerText("It is [1].\n", answer())).toBe("It is [1].\n\n[1]: src/a.ts:3-5\n[3]: source 3"));

  it("becomes a memory that rests on what it cites, and on nothing that is not shared", () => {
    const message = { text: "It is.", answer: answer() } as ChatMessage;
    expect(asMemory("Why?\nI wonder.", message)).toEqual({
      title: "Why?",
      text: "It is.",
      kind: "discussion",
      evidence: [
        { kind: "file", target: "src/a.ts:3-5", repo: "r1", commit: place.commit },
        { kind: "task", target: "DEV-3", repo: null, commit: null },
      ],
    });
    const hidden = answer({ sources: [source(1, { place, hidden: true })] });
    expect(asMemory("Why?", { ...message, answer: hidden }).evidence).toEqual([]);
    expect(asMemory("x".repeat(400), message).title.length).toBe(300);
  });
});

describe("what a question brings along", () => {
  const file = ofPlace({ path: "a.ts", start: 3, end: 0 });

  it("is there once, and no more than fits", () => {
    expect(file).toEqual({ attachment: { kind: "file", path: "a.ts", start: 3, end: 3 }, name: "a.ts:3" });
    expect(withOne([file], file)).toEqual([file]);
    const many = Array.from({ length: MOST }, (_, at) => ofPlace({ path: `${at}`, start: 0, end: 0 }));
    expect(withOne(many, file)).toBe(many);
    expect(nameOf(file.attachment)).toBe("a.ts:3");
    expect(nameOf({ kind: "task", key: "DEV-1" })).toBe("DEV-1");
  });

  it("is a text of its own where it would bury the question", () => {
    expect(buries("short\ntext")).toBe(false);
    expect(buries("x\n".repeat(30))).toBe(true);
    expect(buries("x".repeat(2001))).toBe(true);
  });
});
