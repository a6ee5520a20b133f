import { useLive } from "@/live/state";
import { common } from "@/texts/common";

/** Attempts to reconnect after which the page says that it is offline. */
export const ATTEMPTS_BEFORE_OFFLINE = 3;

/** Why something that needs the server cannot be done now; nothing while the server answers. */
export function useOffline(): string | undefined {
  const { status } = useLive();
  return status.state === "reconnecting" && status.attempt >= ATTEMPTS_BEFORE_OFFLINE ? common.needsConnection : undefined;
}
