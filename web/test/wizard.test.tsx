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

/** Which steps have a tick after a way through these pages. */
function ticked(...paths: string[]): (string | null)[] {
  const place = document.createElement("div");
  const root = createRoot(place);
  for (const each of paths) {
    path = each;
    act(() => root.render(<StartFrame key="frame" />));
  }
  const steps = [...place.querySelectorAll("li")].filter((step) => step.querySelector("svg")).map((step) => step.textContent);
  act(() => root.unmount());
  return steps;
}

it("a step that was passed over has no tick", () => {
  expect(ticked("/start/source", "/start/progress")).toEqual(["Source"]);
  expect(ticked("/start/source", "/start/select", "/start/progress")).toEqual(["Source", "Choose"]);
});
