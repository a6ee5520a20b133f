import { useSuspenseQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";

import { readSetting } from "@/lib/storage";

import { queryClient } from "./client";
import { sessionIn, sessionQuery } from "./queries";
import type { Session } from "./types";

/** The workspace that everybody may read in, signed in or not: the sample, and nothing else. */
export const SAMPLE = "sample";

/** The setting that holds the workspace which was looked at last. */
export const LAST = "workspace";

/** The workspace that an address is in. */
const workspaceOf = (path: string): string | undefined => /^\/w\/([^/]+)/.exec(path)?.[1];

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

/** Where the session of an address stands: one's own workspace, unless another was opened. */
const sessionAt = (path: string): typeof sessionQuery => {
  if (inSample(path)) return reader;
  const workspace = workspaceOf(path) ?? readSetting(LAST);
  const opened = workspace && (sessionIn(workspace) as unknown as typeof sessionQuery);
  return opened && queryClient.getQueryData(opened.queryKey) ? opened : sessionQuery;
};

/** The session of the signed-in person. Only below the routes that made sure there is one. */
export const useSession = (): Session => {
  const path = useLocation({ select: (location) => location.pathname });
  return useSuspenseQuery(sessionAt(path)).data.data;
};

/** The workspace's name in addresses. */
export const useWorkspace = (): string => useSession().workspace.slug;
