/** Where a workspace's code hosts live in the cache; by itself, because every page listens for them. */
const hostsKey = (workspace: string) => ["w", workspace, "hosts"] as const;

/** The connected accounts: what this server knows of them itself. */
export const hostListKey = (workspace: string) => [...hostsKey(workspace), "list"] as const;

/** What the hosts offer: each page of it is a question to a host, which answers only so many. */
export const offeredKey = (workspace: string) => [...hostsKey(workspace), "offered"] as const;
