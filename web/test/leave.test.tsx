import "fake-indexeddb/auto";

import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { beforeEach, expect, it, vi } from "vitest";

import { queryClient } from "@/api/client";
import { useLeave } from "@/app/leave";
import type { Change } from "@/offline/change";
import { publishChanges, waitingChanges } from "@/offline/state";
import { offline as texts } from "@/texts/offline";

const signOut = vi.fn(async () => undefined);
vi.mock("@/api/account", () => ({ signOut: () => signOut() }));
vi.mock("@tanstack/react-router", () => ({ useNavigate: () => async () => undefined }));

HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
};

/** Asks to leave; what is pressed in the dialog, if there is one. */
async function leaving(answer?: string): Promise<void> {
  let leave: ReturnType<typeof useLeave> | undefined;
  const Page = () => ((leave = useLeave()), null);
  const root = createRoot(document.createElement("div"));
  root.render(<QueryClientProvider client={queryClient}><Page /></QueryClientProvider>);
  await vi.waitFor(() => expect(leave).toBeDefined());
  const left = leave?.();
  if (answer !== undefined) {
    const pressed = () => [...document.querySelectorAll("button")].find(({ textContent }) => textContent === answer);
    await vi.waitFor(() => expect(pressed()).toBeDefined(), 4000);
    pressed()?.click();
  }
  await left;
  root.unmount();
}

beforeEach(() => {
  signOut.mockClear();
  publishChanges([{ key: "k" } as Change]);
});

it("keeps what is not saved when somebody would rather stay", async () => {
  await leaving(texts.stay);
  expect([signOut.mock.calls.length, waitingChanges().length]).toEqual([0, 1]);
  expect(document.querySelector("dialog")).toBeNull();
});

it("leaves when somebody says so, and forgets it", async () => {
  await leaving(texts.loseThem);
  expect([signOut.mock.calls.length, waitingChanges().length]).toEqual([1, 0]);
});

it("asks nothing where everything is saved", async () => {
  publishChanges([]);
  await leaving();
  expect(signOut).toHaveBeenCalledOnce();
});
