import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";
import { useMemo } from "react";

import { problemOf, retryDelay } from "@/api/client";
import { useCountdown } from "@/lib/countdown";
import { formatDuration } from "@/lib/format";
import { select as texts } from "@/texts/hosts";
import { Button } from "@/ui/button";
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
  if (query.isFetchingNextPage && problemOf(query.failureReason).status === 503) return <Pause error={query.failureReason} />;
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

/** A host that was asked too often says when it may be asked again. */
function Pause({ error }: { error: unknown }) {
  const until = useMemo(() => Date.now() + retryDelay(0, error), [error]);
  return (
    <p role="status" className="rounded-control bg-medium-bg px-3 py-2 text-dense text-medium tabular-nums">
      {texts.pause(formatDuration(useCountdown(until) * 1000))}
    </p>
  );
}
