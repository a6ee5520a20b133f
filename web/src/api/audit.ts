/** The audit log: of one workspace, or of the whole server. */
import { infiniteQueryOptions, type QueryClient } from "@tanstack/react-query";

import { renew } from "@/live/renew";

import { api, listing } from "./client";
import type { AuditEntry } from "./types";

/** What of the log is wanted, as an address says it. */
export interface AuditFilters {
  /** By whom: an id. */
  actor?: string | undefined;
  /** Which act, such as `member.removed`. */
  action?: string | undefined;
  done?: "yes" | "no" | undefined;
  /** The first and the last day, `2026-11-03`, in the reader's time zone. */
  since?: string | undefined;
  until?: string | undefined;
}

/** The instant at which a day begins here, that many days later; nothing for what is no day. */
function startOf(day: string | undefined, later = 0): string | undefined {
  const [year, month, date] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? "") ?? []).slice(1).map(Number);
  // A year that is being typed is one of the first centuries, until its last digit is there.
  if (year === undefined || year < 1000 || month === undefined || date === undefined) return undefined;
  return new Date(year, month - 1, date + later).toISOString();
}

/** The same as the server takes it: its end is the first instant that is not wanted any more. */
export function asked({ actor, action, done, since, until }: AuditFilters) {
  const query = { actor, action, done: done && done === "yes", since: startOf(since), until: startOf(until, 1) };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [Name in keyof typeof query]?: NonNullable<(typeof query)[Name]>;
  };
}

const auditKey = (workspace: string | undefined) => (workspace === undefined ? ["admin", "audit"] : ["w", workspace, "audit"]);

/** What was done, the newest first; without a workspace, on the whole server. */
export const auditQuery = (workspace: string | undefined, filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: [...auditKey(workspace), asked(filters)],
    queryFn: ({ signal, pageParam }) => {
      const query = { ...asked(filters), ...(pageParam === "" ? {} : { cursor: pageParam }) };
      return listing<AuditEntry>(
        workspace === undefined
          ? api.GET("/api/v1/admin/audit", { params: { query }, signal })
          : api.GET("/api/v1/w/{workspace}/audit", { params: { path: { workspace }, query }, signal }),
      );
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });

/** Reads the log again where it is shown. Who may not read it is not refused once more: that would be noted each time. */
export const renewAudit = (cache: QueryClient, workspace: string) =>
  renew(cache, { queryKey: auditKey(workspace), predicate: ({ state }) => state.status !== "error" });

/** Where the log is saved from. */
export function auditExport(workspace: string | undefined, format: "csv" | "json", filters: AuditFilters): string {
  const base = workspace === undefined ? "/api/v1/admin" : `/api/v1/w/${encodeURIComponent(workspace)}`;
  const query = Object.entries({ format, ...asked(filters) }).map(([name, value]): [string, string] => [name, String(value)]);
  return `${base}/audit/export?${new URLSearchParams(query).toString()}`;
}
