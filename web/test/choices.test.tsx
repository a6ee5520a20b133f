import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { sessionQuery } from "@/api/queries";
import type { Summary } from "@/api/types";
import Compared from "@/pages/repo/compare/compared";
import { Switch } from "@/pages/repo/settings/switches";
import { compare as texts } from "@/texts/compare";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

vi.mock("@tanstack/react-router", async (original) => ({
  ...(await original<object>()),
  Link: ({ children }: { children: ReactNode }) => <a href="/">{children}</a>,
  useLocation: ({ select }: { select: (location: { pathname: string }) => unknown }) => select({ pathname: "/w/home/repos" }),
  useNavigate: () => () => undefined,
}));

let host: HTMLElement;
let root: Root;

const show = (node: ReactNode) => {
  const cache = new QueryClient({ defaultOptions: { queries: { enabled: false, staleTime: Infinity } } });
  cache.setQueryData<unknown>(sessionQuery.queryKey, { data: { workspace: { slug: "home" } } });
  act(() => root.render(<QueryClientProvider client={cache}>{node}</QueryClientProvider>));
};

beforeEach(() => {
  host = document.createElement("div");
  document.body.replaceChildren(host);
  root = createRoot(host);
});

afterEach(() => act(() => root.unmount()));

describe("a switch", () => {
  it("takes no second answer while the first is being kept", async () => {
    let kept = () => undefined as void;
    const save = vi.fn(() => new Promise<void>((resolve) => (kept = resolve)));
    show(<Switch label="Search" hint="h" on={false} denied={undefined} save={save} />);
    const box = host.querySelector("input")!;
    act(() => box.click());
    act(() => box.click());
    expect(save.mock.calls).toEqual([[true]]);
    expect(box.checked).toBe(true);
    await act(async () => kept());
    act(() => box.click());
    expect(save).toHaveBeenCalledTimes(2);
  });
});

describe("reports beside each other", () => {
  const run = (analysis: string): Summary => ({
    analysis,
    commit: "c0ffee00c0ffee",
    branch: "main",
    analyzer: "1",
    finished_at: "2026-11-22T09:12:00Z",
    grade: "B",
    score: 80,
    files: 3,
    languages: [],
    findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    dependencies: 0,
    vulnerable: null,
    insights: 0,
  });

  it("can be chosen where nothing is older than the one that is looked at", () => {
    show(<Compared found={{ choices: [run("b"), run("a")], comparison: null }} slug="web" />);
    expect([...host.querySelectorAll("select")].map((field) => field.value)).toEqual(["", "a"]);
    expect(host.textContent).toContain(texts.oldest);
    expect(host.textContent).toContain(texts.newest);
    expect(host.textContent).not.toContain(texts.one);
  });

  it("are not there as long as there is one", () => {
    show(<Compared found={{ choices: [run("a")], comparison: null }} slug="web" />);
    expect(host.textContent).toBe(texts.one);
  });
});
