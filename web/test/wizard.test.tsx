import { act } from "react";
import { createRoot } from "react-dom/client";
import { expect, it, vi } from "vitest";

import { StartFrame } from "@/pages/start/frame";

let path = "";

vi.mock("@/api/workspace", () => ({ useWorkspace: () => "home" }));
vi.mock("@tanstack/react-router", async (original) => ({
  ...(await original<object>()),
  Link: () => null,
  Outlet: () => null,
  useLocation: ({ select }: { select: (location: { pathname: string }) => unknown }) => select({ pathname: path }),
}));

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

/** The steps after a way through these pages; those that are done have a tick instead of their number. */
function steps(...paths: string[]): (string | null)[] {
  const place = document.createElement("div");
  const root = createRoot(place);
  for (const each of paths) {
    path = each;
    act(() => root.render(<StartFrame key="frame" />));
  }
  const shown = [...place.querySelectorAll("li")].map((step) => step.textContent);
  act(() => root.unmount());
  return shown;
}

it("the step of choosing is there for who comes to it alone", () => {
  expect(steps("/start/source", "/start/progress")).toEqual(["Source", "2Analyse", "3Results"]);
  expect(steps("/start/source", "/start/select", "/start/progress")).toEqual(["Source", "Choose", "3Analyse", "4Results"]);
});
