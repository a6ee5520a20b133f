import { useSuspenseQuery } from "@tanstack/react-query";

import { sessionQuery } from "./queries";
import type { Session } from "./types";

/** The session of the signed-in person. Only below the routes that made sure there is one. */
export const useSession = (): Session => useSuspenseQuery(sessionQuery).data.data;

/** The workspace's name in addresses. */
export const useWorkspace = (): string => useSession().workspace.slug;
