import { QueryClient, QueryClientProvider, useMutation } from "@tanstack/react-query";
import { act, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { sayAfter } from "@/lib/say-after";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

let place: HTMLElement;
let root: Root;
let answer: Promise<string>;
let resolve: (text: string) => void;
let reject: (why: Error) => void;
const say = vi.fn();
const close = vi.fn();

/** A dialog that asks for a change, on a page from which another's word can take it. */
function Asking() {
  const change = useMutation({ mutationFn: () => answer });
  return <button onClick={() => sayAfter(change, undefined, say, { onSuccess: close })}>Dismiss</button>;
}

function Page() {
  const [there, setThere] = useState(true);
  return (
    <>
      {there && <Asking />}
      <button onClick={() => setThere(false)}>Take away</button>
    </>
  );
}

const press = (name: string) =>
  act(async () => [...place.querySelectorAll("button")].find((each) => each.textContent === name)?.click());

beforeEach(() => {
  answer = new Promise((done, failed) => {
    resolve = done;
    reject = failed;
  });
  place = document.createElement("div");
  document.body.append(place);
  root = createRoot(place);
  act(() =>
    root.render(
      <QueryClientProvider client={new QueryClient()}>
        <Page />
      </QueryClientProvider>,
    ),
  );
});

afterEach(() => {
  act(() => root.unmount());
  place.remove();
  vi.clearAllMocks();
});

it("what became of a change is said, and what asked for it is closed", async () => {
  await press("Dismiss");
  await act(async () => resolve("done"));
  await vi.waitFor(() => expect(say).toHaveBeenCalledExactlyOnceWith("done"));
  expect(close).toHaveBeenCalledOnce();
});

it("what became of a change is said though what asked for it is gone, and nothing else happens on the screen", async () => {
  await press("Dismiss");
  await press("Take away");
  await act(async () => resolve("done"));
  await vi.waitFor(() => expect(say).toHaveBeenCalledExactlyOnceWith("done"));
  expect(close).not.toHaveBeenCalled();
});

it("of a change that was refused, nothing is said here", async () => {
  await press("Dismiss");
  await act(async () => reject(new Error("no")));
  await new Promise((done) => setTimeout(done, 20));
  expect(say).not.toHaveBeenCalled();
});
