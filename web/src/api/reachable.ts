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

/** Between two times that the page is read again because a part of it is gone. */
const AGAIN_MS = 60_000;

/** Reads the whole page again; not twice in a row, should that not help. */
function readAgain() {
  const last = Number(sessionStorage.getItem("devmentor.reloaded") ?? 0);
  if (Date.now() - last < AGAIN_MS) return;
  sessionStorage.setItem("devmentor.reloaded", String(Date.now()));
  location.reload();
}

/**
 * Fetches a part of the program. While the server does not answer it is waited for: reading the page again would leave
 * a person who is offline with the browser's own error page. A part that is still missing when the server answers is
 * gone, because a newer server took its place: the page is read again.
 */
export const patiently = <T>(load: () => Promise<T>): Promise<T> =>
  load().catch(async () => {
    await untilReachable();
    return load().catch((error: unknown) => {
      readAgain();
      throw error;
    });
  });
