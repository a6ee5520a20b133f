import { Suspense, useEffect, useRef, useState } from "react";

import type { Analysis } from "@/api/types";
import { formatDuration, formatFact } from "@/lib/format";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { hasEnded } from "@/live/progress";
import { MilestoneBar } from "@/repo/milestone-bar";
import { PhaseList } from "@/repo/phase-list";
import { useRepoPlace } from "@/repo/place";
import { Refusal } from "@/repo/refusal";
import { insight } from "@/texts/insight";
import { progress as texts } from "@/texts/progress";
import { GradeBadge } from "@/ui/grade-badge";
import { Location } from "@/ui/location";
import { Tag } from "@/ui/tag";

const RunActions = part(() => import("../run-actions"));

/** One analysis: how far, what is known, what went wrong. */
export default function RunCard({ analysis }: { analysis: Analysis }) {
  const active = !hasEnded(analysis);
  const place = useRepoPlace(analysis.repo.id);
  const none = analysis.phases.some((phase) => phase.phase === "insights" && phase.state === "done" && phase.done === 0);
  return (
    <article aria-label={analysis.repo.name} className="rounded-card border border-line bg-raised p-4">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        {analysis.summary && <GradeBadge grade={analysis.summary.grade} />}
        <div className="min-w-0">
          <h2 className="truncate text-body font-semibold">{visible(analysis.repo.name)}</h2>
          {place && <Location text={place.source.location} />}
        </div>
        <Tag tone={analysis.state === "done" ? "ok" : analysis.state === "failed" ? "critical" : "neutral"}>
          {analysis.ahead ? texts.ahead(analysis.ahead) : texts.states[analysis.state]}
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
        <PhaseList phases={analysis.phases} />
      </div>
      {analysis.failure && <p className="mt-3 text-dense"><Refusal reason={analysis.failure} /></p>}
      {analysis.facts.length > 0 && (
        <ul className="mt-4 flex flex-wrap gap-1.5">
          {analysis.facts.map((fact) => (
            <li key={fact} className="arrive rounded-control bg-sunken px-2 py-0.5 text-dense text-muted">
              {formatFact(fact)}
            </li>
          ))}
        </ul>
      )}
      {none && <p className="mt-3 text-dense text-muted">{insight.none(0)}</p>}
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
