import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { createTasks, wantOnce } from "@/api/mutations/transfers";

/** What the server keeps, by key, and how many requests came. */
const kept = new Map<string, unknown>();
let requests = 0;

beforeEach(() => {
  kept.clear();
  requests = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    requests += 1;
    if (requests === 3) return Response.json({ status: 500, code: "internal", detail: "broken", title: "broken" }, { status: 500 });
    kept.set(request.headers.get("idempotency-key") ?? "", await request.json());
    return Response.json({ meta: {}, data: { key: `DEV-${requests}`, version: 1 } }, { status: 201 });
  });
  vi.stubGlobal("Request", class extends Request {
    constructor(input: string, init?: RequestInit) {
      super(new URL(input, "http://127.0.0.1/"), init);
    }
  });
});
afterEach(() => vi.unstubAllGlobals());

it("creates no task twice when some of them failed and all are asked for again", async () => {
  const want = wantOnce();
  let age = 0;
  const press = () => {
    age += 1;
    const wanted = ["a", "b", "c", "d"].map((folder) => want(folder, () => ({ title: folder, description: `${age} minutes ago` })));
    return new QueryClient().getMutationCache().build(new QueryClient(), createTasks("home")).execute(wanted);
  };
  await expect(press()).rejects.toThrow("broken");
  await press();
  expect(requests).toBe(7);
  expect([...kept.values()]).toEqual(["a", "b", "c", "d"].map((title) => ({ title, description: "1 minutes ago" })));
});
