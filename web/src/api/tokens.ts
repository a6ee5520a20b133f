/** One's API tokens, and programs that ask to be signed in by a code. */
import { queryOptions } from "@tanstack/react-query";

import { answer, api, body, queryClient } from "./client";
import type { ApiToken, OwnWorkspace, Permission } from "./types";

export const tokensQuery = queryOptions({
  queryKey: ["me", "tokens"],
  queryFn: ({ signal }) => answer<ApiToken[]>(api.GET("/api/v1/me/tokens", { signal })),
});

export const workspacesQuery = queryOptions({
  queryKey: ["me", "workspaces"],
  queryFn: ({ signal }) => answer<OwnWorkspace[]>(api.GET("/api/v1/workspaces", { signal })),
});

const changed = () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });

export async function createToken(token: { name: string; workspace: string; scopes: Permission[]; days: number }) {
  const made = await body(api.POST("/api/v1/me/tokens", { body: token }));
  await changed();
  return made;
}

export async function revokeToken(id: string): Promise<void> {
  await body(api.DELETE("/api/v1/me/tokens/{id}", { params: { path: { id } } }));
  await changed();
}

export const checkDevice = (code: string) => body(api.POST("/api/v1/auth/device/check", { body: { user_code: code } }));

export const decideDevice = (code: string, allow: boolean) => body(api.POST("/api/v1/auth/device/decide", { body: { user_code: code, allow } }));
