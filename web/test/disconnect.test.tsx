import { QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { expect, it, vi } from "vitest";

import { queryClient } from "@/api/client";
import type { Host, HostState } from "@/api/types";
import DisconnectDialog from "@/pages/workspace/integrations/disconnect-dialog";

vi.mock("@/api/workspace", () => ({ useWorkspace: () => "home" }));

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

/** What the dialog says of a connection with so many webhooks. */
function words(state: HostState, hooks: number): string {
  HTMLDialogElement.prototype.showModal = () => undefined;
  HTMLDialogElement.prototype.close = () => undefined;
  const repositories = Array.from({ length: 3 }, (_, index) => ({ hook: index < hooks }));
  const host = { id: "h1", login: "octo", state, repositories } as unknown as Host;
  const place = document.createElement("div");
  const root = createRoot(place);
  act(() =>
    root.render(
      <QueryClientProvider client={queryClient}>
        <DisconnectDialog host={host} onClose={() => undefined} />
      </QueryClientProvider>,
    ),
  );
  const text = place.textContent ?? "";
  act(() => root.unmount());
  return text;
}

it.each(["working", "unreachable"] as const)("a host that is %s has its webhooks taken away", (state) => {
  expect(words(state, 3)).toContain("3 webhooks are taken away at the host, and then the token is deleted.");
});

it.each(["token_refused", "forbidden"] as const)("a host whose token is %s keeps its webhooks, and says so", (state) => {
  expect(words(state, 3)).toContain("3 webhooks stay at the host, which does not accept the token: delete them there, or reconnect first.");
  expect(words(state, 1)).toContain("1 webhook stays at the host, which does not accept the token: delete it there");
  expect(words(state, 0)).not.toContain("webhook");
});
