/** Whether a change is one's own: what a person did in this window they expect to see at once. */
import { queryClient } from "@/api/client";

/** How long after an own change its event and what it brings may arrive. */
const ECHO_MS = 3000;

let last = -Infinity;

queryClient.getMutationCache().subscribe((event) => {
  if (event.type === "updated") last = performance.now();
});

/** Something was changed from this window by other means than a button: what had waited was sent. */
export const noteOwnChange = (): void => void (last = performance.now());

/** Whether something was changed from this window within the last moment. */
export const ownChange = (): boolean => performance.now() - last < ECHO_MS;
