/** Who is in a workspace, who is invited, who asks for more, and what the roles permit. */
import { queryOptions } from "@tanstack/react-query";

import { type Answer, answer, api, body, queryClient } from "./client";
import { peopleKey } from "./queries";
import type { AccessRequest, Invitation, Invite, Member, Permission, PermissionInfo, Role } from "./types";

export const membersQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...peopleKey(workspace), "members"],
    queryFn: ({ signal }) => answer<Member[]>(api.GET("/api/v1/w/{workspace}/members", { params: { path: { workspace } }, signal })),
  });

export const invitesQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...peopleKey(workspace), "invites"],
    queryFn: ({ signal }) => answer<Invite[]>(api.GET("/api/v1/w/{workspace}/invites", { params: { path: { workspace } }, signal })),
  });

export const requestsQuery = (workspace: string) =>
  queryOptions({
    queryKey: [...peopleKey(workspace), "requests"],
    queryFn: ({ signal }) => answer<AccessRequest[]>(api.GET("/api/v1/w/{workspace}/access-requests", { params: { path: { workspace } }, signal })),
  });

export const permissionsQuery = queryOptions({
  queryKey: ["permissions"],
  queryFn: ({ signal }) => answer<PermissionInfo[]>(api.GET("/api/v1/permissions", { signal })),
  staleTime: Infinity,
});

/** After any change: a role that was given changes what may be done about others. */
const changed = (workspace: string) => queryClient.invalidateQueries({ queryKey: peopleKey(workspace) });

export async function setRole(workspace: string, id: string, role: Role): Promise<void> {
  await body(api.PUT("/api/v1/w/{workspace}/members/{id}", { params: { path: { workspace, id } }, body: { role } }));
  await changed(workspace);
}

export async function removeMember(workspace: string, id: string): Promise<void> {
  await body(api.DELETE("/api/v1/w/{workspace}/members/{id}", { params: { path: { workspace, id } } }));
  await changed(workspace);
}

export const leaveWorkspace = (workspace: string) => body(api.DELETE("/api/v1/w/{workspace}/membership", { params: { path: { workspace } } }));

export async function sendInvite(workspace: string, invite: { email: string; role: Role }) {
  const sent = await body(api.POST("/api/v1/w/{workspace}/invites", { params: { path: { workspace } }, body: invite }));
  await changed(workspace);
  return sent;
}

export async function resendInvite(workspace: string, id: string) {
  const sent = await body(api.POST("/api/v1/w/{workspace}/invites/{id}/resend", { params: { path: { workspace, id } } }));
  await changed(workspace);
  return sent;
}

export async function revokeInvite(workspace: string, id: string): Promise<void> {
  await body(api.DELETE("/api/v1/w/{workspace}/invites/{id}", { params: { path: { workspace, id } } }));
  await changed(workspace);
}

/** Asks those who can grant it. One that waits is replaced. */
export const askForAccess = (workspace: string, permission: Permission, note: string) =>
  body(api.POST("/api/v1/w/{workspace}/access-requests", { params: { path: { workspace } }, body: { permission, note } }));

export async function answerRequest(workspace: string, id: string, granted: boolean): Promise<void> {
  await body(api.PUT("/api/v1/w/{workspace}/access-requests/{id}", { params: { path: { workspace, id } }, body: { granted } }));
  await changed(workspace);
}

/** What the link of an invitation leads to. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ["invitation", token],
    queryFn: async (): Promise<Answer<Invitation>["data"]> => body(api.POST("/api/v1/invites/check", { body: { token } })),
    retry: false,
    staleTime: Infinity,
  });

export const acceptInvite = (token: string) => body(api.POST("/api/v1/invites/accept", { body: { token } }));
