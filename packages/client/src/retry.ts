import { ProblemError, unreachable } from "./problem";

/** Waits that many milliseconds; rejects when the signal fires. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

const RETRIES = 3;

/** The pause before the retry with that number, from 0: 1, 2, 4 s, each with up to a second of jitter. */
export function pauseBefore(retry: number, random: () => number = Math.random): number {
  return 1000 * 2 ** retry + Math.floor(random() * 1000);
}

/**
 * Sends again what got no answer. A write is only repeated with its idempotency key, so that the server can tell
 * that it has done it already. Answers, also refusals, are never repeated here.
 */
export function resilient(
  send: (request: Request) => Promise<Response>,
  pause: Pause = sleep,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const repeatable = request.method === "GET" || request.headers.has("Idempotency-Key");
    for (let retry = 0; ; retry += 1) {
      try {
        return await send(request.clone());
      } catch (error) {
        if (request.signal.aborted) throw error;
        if (!repeatable || retry === RETRIES) throw new ProblemError(unreachable());
        await pause(pauseBefore(retry), request.signal);
      }
    }
  };
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
