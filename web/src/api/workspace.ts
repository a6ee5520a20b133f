import { useSuspenseQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";

import { sessionQuery } from "./queries";
import type { Session } from "./types";

/** The workspace that everybody may read in, signed in or not: the sample, and nothing else. */
export const SAMPLE = "sample";

/** Whether an address is in the sample's workspace. */
export const inSample = (path: string): boolean => /^\/w\/sample(\/|$)/.test(path);

const somebody = { id: "", handle: SAMPLE, name: "" };

/** Who reads the sample: nobody in particular, who may change nothing. The server holds to the same. */
const reader = {
  ...sessionQuery,
  queryKey: [SAMPLE],
  queryFn: () =>
    Promise.resolve({
      data: { user: somebody, workspace: { ...somebody, slug: SAMPLE, name: "Sample" }, role: "viewer", can: {} },
    }),
} as unknown as typeof sessionQuery;

/** The session of the signed-in person. Only below the routes that made sure there is one. */
export const useSession = (): Session => {
  const shown = useLocation({ select: (location) => inSample(location.pathname) });
  return useSuspenseQuery(shown ? reader : sessionQuery).data.data;
};

/** The workspace's name in addresses. */
export const useWorkspace = (): string => useSession().workspace.slug;
