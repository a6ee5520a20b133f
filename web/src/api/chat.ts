/** Conversations with the mentor. What is asked and answered is in `chat/asking.ts`; nothing of it is kept offline. */
import { infiniteQueryOptions, mutationOptions, queryOptions } from "@tanstack/react-query";

import { answer, api, body, queryClient } from "./client";
import type { ChatMessage, ChatSent, ChatRating, ChatThread, ChatThreadDetail, PreviewChat, Session } from "./types";

/** Whether somebody may ask: everybody but those who only read. */
export const mayAsk = ({ role }: Session): boolean => role !== "viewer";

const key = (workspace: string) => ["w", workspace, "chat"] as const;

/** Which conversations are listed. */
export interface ThreadFilters {
  q?: string | undefined;
  repo?: string | undefined;
  archived?: true | undefined;
}

const given = <T extends object>(query: T) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== "")) as { [K in keyof T]?: NonNullable<T[K]> };

export const threadsQuery = (workspace: string, filters: ThreadFilters) =>
  infiniteQueryOptions({
    queryKey: [...key(workspace), "threads", given(filters)],
    queryFn: ({ signal, pageParam }) =>
      body(api.GET("/api/v1/w/{workspace}/chat/threads", { params: { path: { workspace }, query: given({ ...filters, cursor: pageParam }) }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const threadQuery = (workspace: string, thread: string) =>
  queryOptions({
    queryKey: [...key(workspace), "thread", thread],
    queryFn: ({ signal }) => answer<ChatThreadDetail>(api.GET("/api/v1/w/{workspace}/chat/threads/{thread}", { params: { path: { workspace, thread } }, signal })),
  });

/** What a question would be sent with, and to whom. */
export const previewQuery = (workspace: string, question: PreviewChat) =>
  queryOptions({
    queryKey: [...key(workspace), "preview", question],
    queryFn: ({ signal }) => body(api.POST("/api/v1/w/{workspace}/chat/preview", { params: { path: { workspace } }, body: question, signal })),
    // What is found may be another thing a moment later, and what was typed is nobody's to keep.
    gcTime: 0,
    staleTime: 0,
  });

/** What a model was sent for an answer. */
export const sentQuery = (workspace: string, message: string) =>
  queryOptions({
    queryKey: [...key(workspace), "sent", message],
    queryFn: ({ signal }) => answer<ChatSent>(api.GET("/api/v1/w/{workspace}/chat/messages/{message}/sent", { params: { path: { workspace, message } }, signal })),
  });

/** Reads the lists of conversations again. */
export const renewThreads = (workspace: string) => queryClient.invalidateQueries({ queryKey: [...key(workspace), "threads"] });

/** Reads a conversation again. */
export const readThread = async (workspace: string, thread: string): Promise<ChatThreadDetail> =>
  (await queryClient.fetchQuery({ ...threadQuery(workspace, thread), staleTime: 0 })).data;

/** Puts a conversation that has changed in the place of what is known of it, with what was said. */
export function putThread(workspace: string, thread: ChatThread, said?: (messages: readonly ChatMessage[]) => ChatMessage[]): void {
  queryClient.setQueryData(threadQuery(workspace, thread.id).queryKey, (old) =>
    old ? { ...old, data: { thread, messages: said ? said(old.data.messages) : old.data.messages } } : old,
  );
  void renewThreads(workspace);
}

export async function beginThread(workspace: string, repo: string | undefined): Promise<ChatThread> {
  const made = await body(api.POST("/api/v1/w/{workspace}/chat/threads", { params: { path: { workspace } }, body: repo ? { repo } : {} }));
  void renewThreads(workspace);
  return made;
}

/** What of a conversation can be changed. */
export interface ThreadChange {
  title?: string;
  pinned?: boolean;
  archived?: boolean;
  shared?: boolean;
  /** Although answers rest on memories of one's own alone. */
  with_private?: boolean;
}

export const changeThread = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ thread, change }: { thread: ChatThread; change: ThreadChange }) =>
      body(
        api.PATCH("/api/v1/w/{workspace}/chat/threads/{thread}", {
          params: { path: { workspace, thread: thread.id } },
          body: { ...change, version: thread.version },
        }),
      ),
    onSuccess: (changed) => putThread(workspace, changed),
    // Somebody else's window may have been faster: what is true now is read.
    onError: (_error, { thread }) => void queryClient.invalidateQueries({ queryKey: threadQuery(workspace, thread.id).queryKey }),
  });

export const deleteThread = (workspace: string) =>
  mutationOptions({
    mutationFn: ({ id, version }: ChatThread) =>
      body(api.DELETE("/api/v1/w/{workspace}/chat/threads/{thread}", { params: { path: { workspace, thread: id }, query: { version } } })),
    onSettled: () => void renewThreads(workspace),
  });

export const rateMessage = (workspace: string, thread: string) =>
  mutationOptions({
    mutationFn: ({ message, rating, reasons }: { message: string; rating: ChatRating | null; reasons: string[] }) =>
      body(api.PUT("/api/v1/w/{workspace}/chat/messages/{message}/rating", { params: { path: { workspace, message } }, body: { rating, reasons } })),
    onSuccess: (rated) =>
      queryClient.setQueryData(threadQuery(workspace, thread).queryKey, (old) =>
        old ? { ...old, data: { ...old.data, messages: old.data.messages.map((each) => (each.id === rated.id ? rated : each)) } } : old,
      ),
  });
