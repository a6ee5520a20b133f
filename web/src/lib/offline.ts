import type { LiveStatus } from "@/live/session";
import { liveState, useLive } from "@/live/state";
import { common } from "@/texts/common";

/** Failed attempts in a row to reach the server after which it counts as out of reach. */
export const ATTEMPTS_BEFORE_OFFLINE = 3;

const away = (status: LiveStatus): boolean => status.state === "reconnecting" && status.attempt >= ATTEMPTS_BEFORE_OFFLINE;

/** Why something that needs the server cannot be done now; nothing while the server answers. */
export const useOffline = (): string | undefined => (away(useLive().status) ? common.needsConnection : undefined);

/** Whether the server is known to be out of reach. */
export const isAway = (): boolean => away(liveState().status);
