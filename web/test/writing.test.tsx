import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { expect, it } from "vitest";

import { useWriting, write, type Writing } from "@/memory/writing";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

/** What the frame of a workspace shows, each time it looks anew. */
function frame(workspace: string) {
  const seen: { now: Writing | undefined } = { now: undefined };
  const Frame = () => ((seen.now = useWriting(workspace)), null);
  act(() => createRoot(document.createElement("div")).render(createElement(Frame)));
  return seen;
}

it("is shown by the frame of its own workspace alone, until it is saved or given up", () => {
  const [home, team] = [frame("home"), frame("team")];
  act(() => write({ workspace: "home", draft: { title: "A" } }));
  expect([home.now?.draft?.title, team.now]).toEqual(["A", undefined]);
  act(() => write(undefined));
  expect(home.now).toBeUndefined();
});
