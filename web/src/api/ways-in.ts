/** How people get into this server: what the pages before there is a session ask. */
import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import type { AuthMethods, SetupState } from "./types";

export const methodsQuery = queryOptions({
  queryKey: ["auth", "methods"],
  queryFn: ({ signal }) => answer<AuthMethods>(api.GET("/api/v1/auth/methods", { signal })),
});

export const setupQuery = queryOptions({
  queryKey: ["auth", "setup"],
  queryFn: ({ signal }) => answer<SetupState>(api.GET("/api/v1/setup", { signal })),
});
