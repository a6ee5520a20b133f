import { act, createElement, useRef, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Dependency } from "@/api/types";
import { moveRow } from "@/lib/keys";
import { usePanelFocus } from "@/peek/focus";
import { Advisories } from "@/repo/advisory-hits";
import { PartialTag } from "@/ui/partial-tag";
import { Prose } from "@/ui/prose";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

let host: HTMLElement;
let root: Root;

const show = (node: ReactNode) => act(() => root.render(node));

beforeEach(() => {
  host = document.createElement("div");
  document.body.replaceChildren(host);
  root = createRoot(host);
  Element.prototype.scrollIntoView = () => undefined;
});

afterEach(() => {
  act(() => root.unmount());
  vi.useRealTimers();
});

const dependency = (change: Partial<Dependency> = {}): Dependency => ({
  ecosystem: "PyPI",
  name: "werkzeug",
  version: "2.3.3",
  requirement: null,
  direct: false,
  scope: "runtime",
  role: "project",
  evidence: [],
  via: [],
  imported_by: null,
  imported_in: [],
  license: null,
  advisories: [],
  ...change,
});

describe("what is known about a package", () => {
  it("is no all-clear when the data is old", () => {
    show(<Advisories dependency={dependency()} asOf="2024-10-10T17:22:00Z" />);
    expect(host.textContent).toBe("none known by 10 Oct 2024");
  });

  it("is said plainly when the data is new", () => {
    show(<Advisories dependency={dependency()} asOf={new Date().toISOString()} />);
    expect(host.textContent).toBe("none known");
  });

  it("is nothing when nobody could look", () => {
    show(<Advisories dependency={dependency({ advisories: null })} asOf={undefined} />);
    expect(host.textContent).toBe("could not check");
  });

  it("names the advisory, so that two rows are never the same", () => {
    const hit = { id: "PYSEC-2023-221", aliases: [], severity: "high", message: "", fixed: "2.3.8" } as const;
    show(<Advisories dependency={dependency({ advisories: [{ ...hit, aliases: [] }, { ...hit, aliases: [], id: "PYSEC-2" }] })} asOf={undefined} />);
    expect(host.textContent).toBe("HighPYSEC-2023-221and 1 moreFixed in 2.3.8");
  });
});

describe("a partial answer", () => {
  it("says what is missing on the tag itself", () => {
    show(<PartialTag reasons={["Imports are not read for: `CSS`, HTML."]} />);
    expect(host.textContent).toBe("Partial: Imports are not read for: CSS, HTML");
  });

  it("counts what does not fit, and opens the list", async () => {
    show(<PartialTag reasons={["One thing.", "Another thing."]} />);
    await act(() => import("@/ui/partial-list"));
    expect(host.querySelector("button")?.textContent).toBe("Partial: 2 gaps");
  });

  it("is silent when nothing is missing", () => {
    show(<PartialTag reasons={[]} />);
    expect(host.textContent).toBe("");
  });
});

it("code in a sentence loses its backticks", () => {
  show(<Prose text="`settle` in `a.ts` is gone" />);
  expect(host.textContent).toBe("settle in a.ts is gone");
  expect(host.querySelectorAll("code")).toHaveLength(2);
});

describe("a panel beside a list", () => {
  function Panel() {
    const panel = useRef<HTMLElement>(null);
    usePanelFocus(panel, true);
    return (
      <div id="peek">
        <aside ref={panel} tabIndex={-1}>
          <button type="button">Close</button>
        </aside>
      </div>
    );
  }
  const page = (open: boolean) => (
    <>
      <main id="page" tabIndex={-1}>
        <a href="#a" data-row>
          a
        </a>
        <a href="#b" data-row aria-current={open || undefined}>
          b
        </a>
        <a href="#c" data-row>
          c
        </a>
      </main>
      {open && createElement(Panel)}
    </>
  );
  const row = (name: string) => host.querySelector<HTMLElement>(`[href="#${name}"]`);
  const nextFrame = () => act(() => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))));

  it("takes the focus, and gives it back to what opened it", async () => {
    show(page(false));
    row("b")?.focus();
    show(page(true));
    expect(document.activeElement?.tagName).toBe("ASIDE");
    host.querySelector("button")?.focus();
    show(page(false));
    await nextFrame();
    expect(document.activeElement).toBe(row("b"));
  });

  it("does not take the focus from elsewhere when it closes", async () => {
    show(page(false));
    row("b")?.focus();
    show(page(true));
    row("c")?.focus();
    show(page(false));
    await nextFrame();
    expect(document.activeElement).toBe(row("c"));
  });

  it("leaves J and K where the list was", () => {
    show(page(false));
    row("b")?.focus();
    show(page(true));
    moveRow(1);
    expect(document.activeElement).toBe(row("c"));
  });
});

describe("keys that go from row to row", () => {
  it("pass over a row that cannot be chosen", () => {
    show(
      <main id="page">
        {["a", "empty", "c"].map((id) => (
          <input key={id} type="checkbox" data-row id={id} disabled={id === "empty"} />
        ))}
      </main>,
    );
    document.getElementById("a")?.focus();
    moveRow(1);
    expect(document.activeElement?.id).toBe("c");
    moveRow(-1);
    expect(document.activeElement?.id).toBe("a");
  });
});
