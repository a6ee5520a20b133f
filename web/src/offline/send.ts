import type { Draft } from "./change";
import type { Withdrawn } from "./queue";

/**
 * Makes a change now or, while the server is out of reach, as soon as it answers. `foreseen` is what the server will
 * say, as far as that is known; it is the answer for the time being.
 */
export const send = async <T>(draft: Draft, foreseen: (key: string) => T): Promise<T> => (await import("./queue")).submit(draft, foreseen);

/** Takes back a change that still waits, and says what became of it. */
export const withdraw = async (which: (draft: Draft & { key: string }) => boolean): Promise<Withdrawn> => (await import("./queue")).withdraw(which);
