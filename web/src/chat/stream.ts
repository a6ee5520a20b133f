/** Events as they come in the body of an answer. */
import { problemFrom, ProblemError, unreachable } from "@devmentor/client";
import { createParser, type EventSourceMessage } from "eventsource-parser";

import { signedIn } from "@/api/signed-in";

/** One event: its name, and what it says. */
export interface StreamEvent {
  event: string;
  data: unknown;
}

/** How a request is sent. */
export type Send = (request: Request) => Promise<Response>;

/**
 * Sends a question and gives each event of its answer as it comes. Where the signal fires it ends, and so does the
 * answer. What is refused is thrown as a {@link ProblemError}, and so is a connection that breaks.
 */
export async function* stream(request: Request, send: Send = signedIn): AsyncGenerator<StreamEvent> {
  const reply = await send(request).catch((error: unknown) => broken(error, request.signal));
  if (!reply.ok || !reply.body) throw new ProblemError(await problemFrom(reply));
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event) });
  const decoder = new TextDecoder();
  const reader = reply.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => broken(error, request.signal));
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      for (const { event, data } of waiting.splice(0)) {
        const read = parsed(data);
        // An older page survives a newer server: what it does not understand is not for it.
        if (read !== undefined) yield { event: event ?? "message", data: read };
      }
    }
  } finally {
    // Whoever listens no more ends it at the server as well.
    void reader.cancel().catch(() => undefined);
  }
}

/** Why no more comes: that somebody wanted it so is told as it is, all else as a server that did not answer. */
function broken(error: unknown, signal: AbortSignal): never {
  if (signal.aborted || error instanceof ProblemError) throw error;
  throw new ProblemError(unreachable());
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
