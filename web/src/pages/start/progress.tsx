import { useQueries } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";

import { analysisQuery } from "@/api/queries";
import type { Analysis } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatDuration, formatFact, visible } from "@/lib/format";
import { MilestoneBar } from "@/repo/milestone-bar";
import { useRepoPlace } from "@/repo/place";
import { progress as texts } from "@/texts/progress";
import { Button, buttonLook } from "@/ui/button";
import { GradeBadge, Tag } from "@/ui/marks";
import { Location } from "@/ui/location";
import { PageTitle } from "@/ui/page";
import { Empty, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Prose } from "@/ui/prose";

const PhaseList = lazy(() => import("@/repo/phase-list").then((module) => ({ default: module.PhaseList })));
const RunActions = lazy(() => import("./run-actions"));

const ENDED = new Set(["done", "failed", "cancelled"]);
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
        ENDED.has(query.state.data?.data.analysis.state ?? "") ? false : (RECHECK_MS as number | false),
    })),
  });
  const analyses = queries.flatMap((query) => (query.data ? [query.data.data.analysis] : []));
  const ended = ids.length > 0 && analyses.length === ids.length && analyses.every((each) => ENDED.has(each.state));
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
            <RunCard key={ids[index]} analysis={query.data.data.analysis} />
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

/** One analysis: how far, what is known, what went wrong. */
function RunCard({ analysis }: { analysis: Analysis }) {
  const active = !ENDED.has(analysis.state);
  const place = useRepoPlace(analysis.repo.id);
  return (
    <article aria-label={analysis.repo.name} className="rounded-card border border-line bg-raised p-4">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        {analysis.summary && <GradeBadge grade={analysis.summary.grade} />}
        <div className="min-w-0">
          <h2 className="truncate text-body font-semibold">{visible(analysis.repo.name)}</h2>
          {place && <Location text={place.source.location} />}
        </div>
        <Tag tone={analysis.state === "done" ? "ok" : analysis.state === "failed" ? "critical" : "neutral"}>
          {texts.states[analysis.state]}
        </Tag>
        <span className="ms-auto text-dense text-faint">
          <Elapsed analysis={analysis} />
        </span>
        <Suspense>
          <RunActions analysis={analysis} active={active} />
        </Suspense>
      </header>
      <MilestoneBar percent={analysis.percent} label={analysis.repo.name} />
      <div className="mt-4">
        <Suspense fallback={<SkeletonRows rows={4} height="h-5" />}>
          <PhaseList phases={analysis.phases} />
        </Suspense>
      </div>
      {analysis.failure && <p className="mt-3 text-dense text-critical"><Prose text={analysis.failure.detail} /></p>}
      {analysis.facts.length > 0 && (
        <ul className="mt-4 flex flex-wrap gap-1.5">
          {analysis.facts.map((fact) => (
            <li key={fact} className="arrive rounded-control bg-sunken px-2 py-0.5 text-dense text-muted">
              {formatFact(fact)}
            </li>
          ))}
        </ul>
      )}
      <Announcer analysis={analysis} />
    </article>
  );
}

/** Time since the run was asked for; it stands still once the run has ended. */
function Elapsed({ analysis }: { analysis: Analysis }) {
  const [now, setNow] = useState(() => Date.now());
  const end = analysis.finished_at ? Date.parse(analysis.finished_at) : null;
  useEffect(() => {
    if (end !== null) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [end]);
  return <>{formatDuration((end ?? now) - Date.parse(analysis.created_at))}</>;
}

/** Says each finished phase once, politely. */
function Announcer({ analysis }: { analysis: Analysis }) {
  const last = analysis.phases.findLast((phase) => phase.state === "done")?.phase;
  const first = useRef(last);
  const text = last && last !== first.current ? texts.phaseDone(analysis.repo.name, texts.phases[last]) : "";
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
