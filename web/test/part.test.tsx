import { createRoot } from "react-dom/client";
import { act, Suspense } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { early, idle, part } from "@/lib/part";

const loaded = () => Promise.resolve({ default: () => <p>here</p> });
let host: HTMLElement;

beforeEach(() => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  host = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  host.remove();
  vi.unstubAllGlobals();
});

async function shown(Part: ReturnType<typeof part>): Promise<string> {
  const root = createRoot(host);
  await act(async () => root.render(<Suspense fallback="waiting"><Part /></Suspense>));
  return host.innerHTML;
}

it("fetches a part when it is first shown, and an early one in the next task", async () => {
  const [late, soon] = [vi.fn(loaded), vi.fn(loaded)];
  const [Late, Soon] = [part(late), early(soon)];
  await vi.waitFor(() => expect(soon).toHaveBeenCalledTimes(1));
  expect(late).not.toHaveBeenCalled();
  expect(await shown(Soon)).toBe("<p>here</p>");
  expect(soon).toHaveBeenCalledTimes(1);
  expect(await shown(Late)).toBe("<p>here</p>");
});

it("waits with an early part for a server that does not answer", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("ok")));
  const load = vi.fn(loaded).mockImplementationOnce(() => Promise.reject(new TypeError("away")));
  const Soon = early(load);
  await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
  expect(await shown(Soon)).toBe("<p>here</p>");
});


it("fetches an idle part ahead, and again when it is shown after that failed", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("ok")));
  let rest: () => void = () => undefined;
  vi.stubGlobal("requestIdleCallback", (run: () => void) => (rest = run));
  const load = vi.fn(loaded).mockImplementationOnce(() => Promise.reject(new TypeError("away")));
  const Idle = idle(load);
  expect(load).not.toHaveBeenCalled();
  rest();
  await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1));
  expect(await shown(Idle)).toBe("<p>here</p>");
  expect(load).toHaveBeenCalledTimes(2);
});
