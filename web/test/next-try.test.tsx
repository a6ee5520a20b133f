import { ProblemError } from "@devmentor/client";
import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { expect, it } from "vitest";

import { problemOf } from "@/api/client";
import { ReadState } from "@/pages/start/select/read-state";
import Trouble from "@/ui/trouble";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

function words(node: ReactNode): string {
  const place = document.createElement("div");
  const root = createRoot(place);
  act(() => root.render(node));
  const text = place.textContent ?? "";
  act(() => root.unmount());
  return text;
}

const busy = (code: string, seconds: number) => new ProblemError({ ...problemOf("busy"), status: 503, code, retry_after: seconds });

/** The places that tell of it: before anything was read, beside what was read long ago, and below the first pages of a host. */
const PLACES: [string, (error: unknown) => ReactNode][] = [
  ["in the place of the data", (error) => <Trouble error={error} what="the list" readAt={0} again onRetry={() => undefined} />],
  ["beside older data", (error) => <Trouble error={error} what="the list" readAt={Date.now()} again onRetry={() => undefined} />],
  [
    "below the pages that were read",
    (failureReason) => (
      <ReadState
        query={{ hasNextPage: true, isFetchingNextPage: true, isFetchNextPageError: false, failureReason, error: null, fetchNextPage: undefined } as never}
        read={100}
        streaming
      />
    ),
  ],
];

it.each(PLACES)("a host that wants a pause is told apart from a server that rests, %s", (_where, place) => {
  expect(words(place(busy("host_rate_limited", 2531)))).toContain("The host wants a pause. It is asked again in 42 min");
  expect(words(place(busy("busy", 5)))).toContain("The server is resting; next try in 5 s.");
});
