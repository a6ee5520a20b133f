/** Between two questions whether the server is there. */
const PAUSE_MS = 1000;

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MS));
const ask = () => fetch("/livez", { cache: "no-store" });

/** Waits until the server answers. */
export async function untilReachable(): Promise<void> {
  for (;;) {
    const answered = await ask().then(
      (reply) => reply.ok,
      () => false,
    );
    if (answered) return;
    await pause();
  }
}

/**
 * Fetches a part of the program, and once more when the server can be reached again. A failure after that is the
 * caller's: the part is gone, because the server was replaced by a newer one.
 */
export const patiently = <T>(load: () => Promise<T>): Promise<T> =>
  load().catch(async () => {
    await untilReachable();
    return load();
  });
