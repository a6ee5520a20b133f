import { QueryClient } from "@tanstack/react-query";
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { noteAnswered, noteAsked, noteGranted, useAsked, type Wish } from "@/access/asked";
import { asked, auditExport } from "@/api/audit";
import { sessionQuery } from "@/api/queries";
import type { Permission } from "@/api/types";
import { applyEvent } from "@/live/patch";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const wish: Wish = { user: "ben", workspace: "w1", permission: "audit.read" as Permission };
const other: Wish = { ...wish, permission: "ws.manage" as Permission };

/** What a page sees of a wish, each time it looks anew. */
function watch(of: Wish) {
  const seen: { now: ReturnType<typeof useAsked> } = { now: undefined };
  const Page = () => {
    seen.now = useAsked(of);
    return null;
  };
  act(() => createRoot(document.createElement("div")).render(createElement(Page)));
  return seen;
}

beforeEach(() => localStorage.clear());

describe("what was asked for", () => {
  it("is known until it is declined, in every window", () => {
    const seen = watch(wish);
    expect(seen.now).toBeUndefined();
    act(() => noteAsked(wish, { request: "r1", at: "2026-11-23T10:00:00Z" }));
    expect(seen.now).toEqual({ request: "r1", at: "2026-11-23T10:00:00Z", declined: false });
    act(() => noteAnswered("r2"));
    expect(seen.now?.declined).toBe(false);
    act(() => noteAnswered("r1"));
    expect(seen.now?.declined).toBe(true);
  });

  it("is nothing once the role permits it, whatever the answer was", () => {
    const seen = watch(wish);
    act(() => noteAsked(wish, { request: "r1", at: "a" }));
    act(() => noteAnswered("r1"));
    act(() => noteGranted(wish));
    expect(seen.now).toBeUndefined();
  });

  it("gives way to what the same person asks for next in that workspace, and to nothing else", () => {
    const [first, second] = [watch(wish), watch(other)];
    const elsewhere = watch({ ...wish, workspace: "w2" });
    act(() => noteAsked({ ...wish, workspace: "w2" }, { request: "r0", at: "a" }));
    act(() => noteAsked(wish, { request: "r1", at: "b" }));
    act(() => noteAsked(other, { request: "r2", at: "c" }));
    expect([first.now, second.now?.request, elsewhere.now?.request]).toEqual([undefined, "r2", "r0"]);
  });

  it("is nothing where the storage holds something else", () => {
    localStorage.setItem("devmentor.asked", "no json");
    expect(watch(wish).now).toBeUndefined();
  });
});

describe("the answer to a request", () => {
  it("is one when it comes from somebody else: one's own event says only that it was asked", async () => {
    const cache = new QueryClient();
    cache.setQueryData(sessionQuery.queryKey, { data: { user: { id: "ben" } } } as never);
    const seen = watch(wish);
    act(() => noteAsked(wish, { request: "r1", at: "a" }));
    const event = { type: "access_request.updated", request: "r1" };
    await act(async () => {
      applyEvent(cache, "home", event, "ben");
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    expect(seen.now?.declined).toBe(false);
    applyEvent(cache, "home", event, "ana");
    await act(() => vi.waitFor(() => expect(seen.now?.declined).toBe(true)));
  });
});

describe("the filters of an audit log", () => {
  it("take whole days of the reader's own time zone", () => {
    const query = asked({ since: "2026-11-03", until: "2026-11-03", done: "no" });
    expect(query.done).toBe(false);
    expect(Date.parse(String(query.until)) - Date.parse(String(query.since))).toBe(86_400_000);
    expect(new Date(String(query.since)).getHours()).toBe(0);
  });

  it("leave out what is not said, and what is no day", () => {
    expect(asked({ actor: undefined, since: "yesterday" })).toEqual({});
    // The first digit of a year that is typed.
    expect(asked({ since: "0002-11-03" })).toEqual({});
    expect(auditExport("payments team", "csv", {})).toBe("/api/v1/w/payments%20team/audit/export?format=csv");
    expect(auditExport(undefined, "json", { action: "member.removed" })).toBe("/api/v1/admin/audit/export?format=json&action=member.removed");
  });
});
