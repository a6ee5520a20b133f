/**
 * The browser's storage for what is needed without a connection: what was read, and what waits to be sent. Where the
 * browser keeps none (a private window, a full disk), everything lasts as long as the page.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

import type { Change } from "./change";

/** One answer as it was read. */
export interface Kept {
  /** Which read it answers. */
  key: string;
  /** When it was read, in milliseconds since the epoch. */
  at: number;
  /** Digest of the interface it was read over: what another version answered may have another shape. */
  contract: string;
  /** The answer as JSON. */
  text: string;
}

interface Schema extends DBSchema {
  kept: { key: string; value: Kept; indexes: { at: number } };
  changes: { key: number; value: Change };
}

export type Store = IDBPDatabase<Schema>;

let opened: Promise<Store> | undefined;

const open = (): Promise<Store> =>
  openDB<Schema>("devmentor", 1, {
    upgrade(db) {
      db.createObjectStore("kept", { keyPath: "key" }).createIndex("at", "at");
      db.createObjectStore("changes", { keyPath: "order", autoIncrement: true });
    },
    // A newer version of the app in another window: it gets the storage, and this page goes on without.
    blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
    terminated: () => (opened = undefined),
  });

/** Does something with the storage; `without` where there is none, or it refuses. */
export async function stored<T>(use: (store: Store) => Promise<T>, without: T): Promise<T> {
  try {
    opened ??= open();
    return await use(await opened);
  } catch (error) {
    console.warn("The browser stores nothing for use without a connection.", error);
    return without;
  }
}
