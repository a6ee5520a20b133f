/** Getting in and out, and one's own account. */
import { queryOptions } from "@tanstack/react-query";

import { answer, api, body, queryClient } from "./client";
import { sessionQuery } from "./queries";
import { noteSignedIn } from "./signed-in";
import type { AccountSession, Me, Outbox, SecondFactor, Session } from "./types";

export const meQuery = queryOptions({
  queryKey: ["me", "self"],
  queryFn: ({ signal }) => answer<Me>(api.GET("/api/v1/me", { signal })),
});

export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: ({ signal }) => answer<AccountSession[]>(api.GET("/api/v1/me/sessions", { signal })),
  // Whoever looks here wants to know who is in now.
  staleTime: 0,
});

export const secondFactorQuery = queryOptions({
  queryKey: ["me", "second-factor"],
  queryFn: ({ signal }) => answer<SecondFactor>(api.GET("/api/v1/me/second-factor", { signal })),
});

/** Each read is noted on the server, so that it is read when somebody asks, and not by itself. */
export const outboxQuery = queryOptions({
  queryKey: ["admin", "outbox"],
  queryFn: ({ signal }) => answer<Outbox>(api.GET("/api/v1/admin/outbox", { signal })),
  staleTime: 0,
});

/**
 * There is another session now: what was known about who is signed in, and about the server, is read anew, and what is
 * stored for another person goes before anything of it can be shown or sent.
 */
export async function entered(): Promise<void> {
  noteSignedIn();
  queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
  for (const key of ["server", "auth", "me"]) queryClient.removeQueries({ queryKey: [key] });
  const session = await answer<Session>(api.GET("/api/v1/session"));
  const { keep } = await import("@/offline/kept");
  await keep(sessionQuery, session);
  queryClient.setQueryData(sessionQuery.queryKey, session);
}

export const signIn = (email: string, password: string) => body(api.POST("/api/v1/auth/sign-in", { body: { email, password } }));

export const signUp = (person: { name: string; email: string; password: string; invite?: string }) => body(api.POST("/api/v1/auth/sign-up", { body: person }));

export const verify = (proof: { ticket: string; code: string } | { link: string; password: string }) => body(api.POST("/api/v1/auth/verify", { body: proof }));

export const forgot = (email: string) => body(api.POST("/api/v1/auth/forgot", { body: { email } }));

export const checkReset = (token: string) => body(api.POST("/api/v1/auth/reset/check", { body: { token } }));

export const resetPassword = (token: string, password: string) => body(api.POST("/api/v1/auth/reset", { body: { token, password } }));

export const setUp = (owner: { code?: string; name: string; email?: string; password?: string }) => body(api.POST("/api/v1/setup", { body: owner }));

export const rename = (name: string, version: number) => body(api.PATCH("/api/v1/me", { body: { name, version } }));

const asFile = { bodySerializer: (file: unknown) => file as Blob, headers: { "Content-Type": "application/octet-stream" } };

export const setAvatar = (file: Blob) => body(api.PUT("/api/v1/me/avatar", { body: file as never, ...asFile }));

export const removeAvatar = () => body(api.DELETE("/api/v1/me/avatar"));

export const changePassword = (password: string, current?: string) =>
  body(api.PUT("/api/v1/me/password", { body: { password, ...(current ? { current } : {}) } }));

export const deleteMe = (password?: string) => body(api.DELETE("/api/v1/me", { body: password ? { password } : {} }));

export const exportMe = () => body(api.GET("/api/v1/me/export"));

export const signOut = (which: "this" | "others" | "all") => body(api.POST("/api/v1/auth/sign-out", { body: { which } }));

export const revokeSession = (id: string) => body(api.DELETE("/api/v1/me/sessions/{id}", { params: { path: { id } } }));
