import { useQueries } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { analysisQuery } from "@/api/queries";
import type { Analysis } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { hasEnded } from "@/live/progress";
import { progress as texts } from "@/texts/progress";
import { Button, buttonLook } from "@/ui/button";
import { PageTitle } from "@/ui/page";
import { Empty, SkeletonRows } from "@/ui/loaded";
import { Problem } from "@/ui/problem";

const RunCard = early(() => import("./progress/run-card"));

/** A safety net below the live channel: a screen that waits must not wait for ever on a lost event. */
const RECHECK_MS = 5_000;

/** Second step: every phase of every analysis, as it happens. */
export function ProgressPage() {
  const ws = useWorkspace();
  const { runs } = useSearch({ from: "/inside/start/progress" });
  const navigate = useNavigate();
  const ids = runs.split(",").filter(Boolean);
  const queries = useQueries({
    queries: ids.map((id) => ({
      ...analysisQuery(ws, id),
      refetchInterval: (query: { state: { data?: { data: { analysis: Analysis } } | undefined } }) =>
        query.state.data && hasEnded(query.state.data.data.analysis) ? false : (RECHECK_MS as number | false),
    })),
  });
  const analyses = queries.flatMap((query) => (query.data ? [query.data.data.analysis] : []));
  const ended = ids.length > 0 && analyses.length === ids.length && analyses.every(hasEnded);
  const some = analyses.some((each) => each.state === "done");

  if (ids.length === 0) {
    return (
      <div className="flex flex-col gap-6">
        <PageTitle name={texts.title} />
        <Empty
          action={
            <Link to="/start/source" className={buttonLook("primary")}>
              {texts.choose}
            </Link>
          }
        >
          {texts.nothing}
        </Empty>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-3">
        <PageTitle name={ended ? texts.done : texts.title} />
        <div className="ms-auto flex gap-2">
          {!ended && (
            <Link to="/w/$ws/repos" params={{ ws }} className={buttonLook("ghost")}>
              {texts.background}
            </Link>
          )}
          {some && (
            <Button
              look={ended ? "primary" : "secondary"}
              onClick={() => void navigate({ to: "/start/results", search: { runs } })}
            >
              {ended ? texts.results : texts.resultsSoFar}
            </Button>
          )}
        </div>
      </div>
      <div className="flex flex-col gap-3">
        {queries.map((query, index) =>
          query.data ? (
            <Suspense key={ids[index]} fallback={<SkeletonRows rows={1} height="h-44" />}>
              <RunCard analysis={query.data.data.analysis} />
            </Suspense>
          ) : query.error ? (
            <Problem key={ids[index]} error={query.error} what={texts.what} onRetry={() => void query.refetch()} />
          ) : (
            <SkeletonRows key={ids[index]} rows={1} height="h-44" />
          ),
        )}
      </div>
    </div>
  );
}
