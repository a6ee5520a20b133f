import { useMemo } from "react";

import { problemOf, retryDelay } from "@/api/client";
import { useCountdown } from "@/lib/countdown";
import { formatDuration } from "@/lib/format";
import { offline as texts } from "@/texts/offline";

/** Who rests, and when it is asked again without anybody's doing: a code host may want a pause while the server itself is well. */
export function NextTry({ error }: { error: unknown }) {
  const until = useMemo(() => Date.now() + retryDelay(0, error), [error]);
  const seconds = useCountdown(until);
  const host = problemOf(error).code === "host_rate_limited";
  return <span className="tabular-nums">{host ? texts.hostResting(formatDuration(seconds * 1000)) : texts.resting(seconds)}</span>;
}
