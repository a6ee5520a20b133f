/** Requests that came too often: each waits as long as the server asks, and is sent once more by itself. */
import { useSyncExternalStore } from "react";

/** How many wait at most, and for how long; more than that is refused at once. */
const MOST = 20;
const LONGEST_MS = 600_000;

interface Waiting {
  /** When it is sent, in milliseconds since the epoch. */
  until: number;
  /** Gives it up: its caller gets the refusal. */
  cancel: () => void;
}

let all: readonly Waiting[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly Waiting[]): void {
  all = next;
  for (const each of listeners) each();
}

/** What waits, the oldest first. */
export const usePaced = (): readonly Waiting[] =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => all);

/** Gives all of them up. */
export const cancelAll = (): void => {
  for (const each of all) each.cancel();
};

/** The pause that an answer asks for, in milliseconds: a number of seconds or a date. Exported for tests. */
export function pauseOf(reply: Response, now: number): number | undefined {
  const asked = reply.headers.get("retry-after");
  if (!asked) return undefined;
  const pause = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - now;
  return pause >= 0 && pause <= LONGEST_MS ? pause : undefined;
}

let line: Promise<unknown> = Promise.resolve();

/** Sends a request again when the server wants it, after those that came before it. The answer to that counts. */
export async function later(request: Request, refusal: Response): Promise<Response> {
  const pause = pauseOf(refusal, Date.now());
  if (pause === undefined || all.length >= MOST) return refusal;
  const goOn = await new Promise<boolean>((resolve) => {
    const done = (sent: boolean) => {
      clearTimeout(timer);
      publish(all.filter((each) => each !== mine));
      resolve(sent);
    };
    const timer = setTimeout(() => done(true), pause);
    const mine: Waiting = { until: Date.now() + pause, cancel: () => done(false) };
    request.signal.addEventListener("abort", () => done(false));
    publish([...all, mine]);
  });
  if (!goOn) return refusal;
  const turn = line.then(() => fetch(request));
  line = turn.catch(() => undefined);
  return turn;
}
