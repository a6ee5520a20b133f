import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";

import { problemOf } from "@/api/client";
import { select as texts } from "@/texts/hosts";
import { Button } from "@/ui/button";
import { NextTry } from "@/ui/next-try";
import { Problem } from "@/ui/problem";

interface Props {
  query: Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetchingNextPage" | "isFetchNextPageError" | "failureReason" | "error" | "fetchNextPage">;
  /** How many were read. */
  read: number;
  /** Whether the next page is read without being asked for. */
  streaming: boolean;
}

/** How far the list was read, why it does not go on, and the way to the rest. */
export function ReadState({ query, read, streaming }: Props) {
  if (!query.hasNextPage) return null;
  if (query.isFetchNextPageError) return <Problem error={query.error} what={texts.rest} onRetry={() => void query.fetchNextPage()} />;
  if (query.isFetchingNextPage && problemOf(query.failureReason).status === 503) {
    return (
      <p role="status" className="rounded-control bg-medium-bg px-3 py-2 text-dense text-medium">
        <NextTry error={query.failureReason} />
      </p>
    );
  }
  if (query.isFetchingNextPage || streaming) {
    return (
      <p role="status" className="flex items-center gap-2 text-dense text-faint">
        <LoaderCircle size={14} className="spin" aria-hidden />
        {texts.reading(read)}
      </p>
    );
  }
  return (
    <p className="flex flex-wrap items-center gap-3 text-dense text-muted">
      {texts.reading(read)}
      <Button onClick={() => void query.fetchNextPage()}>{texts.readOn}</Button>
    </p>
  );
}
