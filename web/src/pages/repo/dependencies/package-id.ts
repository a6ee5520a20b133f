import type { Dependency } from "@/api/types";

/** Identifies a row of the table in the address. */
export const idOf = (each: Dependency): string => `${each.ecosystem}/${each.name}@${each.version ?? ""}`;
