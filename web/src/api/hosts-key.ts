/** Where everything about a workspace's code hosts lives in the cache; by itself, because every page listens for it. */
export const hostsKey = (workspace: string) => ["w", workspace, "hosts"] as const;
