/**
 * Who has a change in hand: the window that sends it, or the one in which somebody drops it. A browser tells its windows of
 * each other's locks; where it has none (a page that is not in a secure context), a window knows of itself alone.
 */
const held = new Map<string, Promise<unknown>>();

/** Does something with a change that nobody else has in hand; with `wait` as soon as nobody has, otherwise `free` is false then. */
export async function holding<T>(key: string, wait: boolean, act: (free: boolean) => Promise<T>): Promise<T> {
  if ("locks" in navigator) {
    return navigator.locks.request(`devmentor.change.${key}`, { ifAvailable: !wait }, (lock) => act(lock !== null)) as Promise<T>;
  }
  for (let other = held.get(key); other; other = held.get(key)) {
    if (!wait) return act(false);
    await other.catch(() => undefined);
  }
  const mine = act(true);
  held.set(key, mine);
  try {
    return await mine;
  } finally {
    held.delete(key);
  }
}
