import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Bodies } from "@/ui/bodies";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

type Entry = Pick<IntersectionObserverEntry, "isIntersecting" | "boundingClientRect">;

/** What each part of the table is told about its place. */
const told: ((entries: Entry[]) => void)[] = [];

class Observer {
  constructor(tell: (entries: Entry[]) => void) {
    told.push(tell);
  }
  observe() {}
  disconnect() {}
}

const entry = (isIntersecting: boolean): Entry => ({ isIntersecting, boundingClientRect: { height: 3750 } as DOMRectReadOnly });
const tell = (part: number, ...entries: Entry[]) => act(() => told[part]?.(entries));

let host: HTMLElement;
let root: Root;
const drawn = () => [...host.querySelectorAll("tbody")].map((body) => body.querySelectorAll("[data-row]").length);

beforeEach(() => {
  told.length = 0;
  vi.stubGlobal("IntersectionObserver", Observer);
  host = document.createElement("table");
  root = createRoot(host);
  act(() =>
    root.render(
      <Bodies items={Array.from({ length: 190 }, (_, index) => index)} columns={1}>
        {(item) => (
          <tr key={item} data-row>
            <td>{item}</td>
          </tr>
        )}
      </Bodies>,
    ),
  );
});

afterEach(() => {
  act(() => root.unmount());
  vi.unstubAllGlobals();
});

describe("a table that may be very long", () => {
  it("draws the first parts, and others when they come near", () => {
    expect(drawn()).toEqual([50, 50, 0, 0]);
    tell(3, entry(true));
    expect(drawn()).toEqual([50, 50, 0, 40]);
  });

  it("keeps the height of what it no longer draws", () => {
    tell(0, entry(false));
    expect(drawn()).toEqual([0, 50, 0, 0]);
    expect(host.querySelector("td")?.style.height).toBe("3750px");
  });

  it("goes by the newest of several changes that a busy page hears of at once", () => {
    tell(3, entry(false), entry(true));
    expect(drawn()).toEqual([50, 50, 0, 40]);
    tell(3, entry(true), entry(false));
    expect(drawn()).toEqual([50, 50, 0, 0]);
  });
});
