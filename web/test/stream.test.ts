import { ProblemError } from "@devmentor/client";
import { describe, expect, it } from "vitest";

import { stream, type StreamEvent } from "@/chat/stream";

const ask = (signal?: AbortSignal) => new Request("http://localhost/ask", { method: "POST", ...(signal ? { signal } : {}) });

/** An answer whose body comes in these pieces; `cancelled` says whether it was left before its end. */
function answering(pieces: readonly (string | Uint8Array)[], { open = false, fails = false } = {}) {
  const state = { cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const each of pieces) controller.enqueue(typeof each === "string" ? new TextEncoder().encode(each) : each);
      if (fails) controller.error(new TypeError("network"));
      else if (!open) controller.close();
    },
    cancel: () => void (state.cancelled = true),
  });
  const send = () => Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  return { state, send };
}

async function all(events: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const found: StreamEvent[] = [];
  for await (const each of events) found.push(each);
  return found;
}

describe("a stream of events", () => {
  it("gives them in order, wherever the body is cut, also inside a sign", async () => {
    const whole = new TextEncoder().encode(': hello\n\nevent: text\ndata: {"delta":"grün"}\n\nevent: ended\r\ndata: {"a":\ndata: 1}\r\n\r\ndata: 2\n\n');
    const bytes = [...whole].map((each) => Uint8Array.of(each));
    expect(await all(stream(ask(), answering(bytes).send))).toEqual([
      { event: "text", data: { delta: "grün" } },
      { event: "ended", data: { a: 1 } },
      { event: "message", data: 2 },
    ]);
  });

  it("passes over what it cannot read, and does not take half an event for one", async () => {
    expect(await all(stream(ask(), answering(["data: {\n\ndata: 1\n\ndata: 2"]).send))).toEqual([{ event: "message", data: 1 }]);
  });

  it("says what was refused as the server says it", async () => {
    const problem = { type: "/problems/x", title: "Full", status: 429, detail: "Wait.", code: "too_many", request_id: "r", retry_after: 7, errors: [], grantors: [], permission: null };
    const refused = all(stream(ask(), () => Promise.resolve(Response.json(problem, { status: 429 }))));
    await expect(refused).rejects.toMatchObject({ problem });
  });

  it("says that the server did not answer where the connection breaks, at its beginning or on the way", async () => {
    const unreachable = { problem: { code: "unreachable", status: 0 } };
    await expect(all(stream(ask(), () => Promise.reject(new TypeError("fetch"))))).rejects.toMatchObject(unreachable);
    await expect(all(stream(ask(), answering([], { fails: true }).send))).rejects.toBeInstanceOf(ProblemError);
  });

  it("is no problem where it was stopped, and is left then", async () => {
    const stop = new AbortController();
    stop.abort(new DOMException("stopped", "AbortError"));
    const stopped = all(stream(ask(stop.signal), () => Promise.reject(stop.signal.reason as Error)));
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    const { state, send } = answering(["data: 1\n\n"], { open: true });
    for await (const each of stream(ask(), send)) {
      expect(each.data).toBe(1);
      break;
    }
    expect(state.cancelled).toBe(true);
  });
});
