import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { analysisQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { formatFact, formatMoment, shortCommit } from "@/lib/format";
import { MilestoneBar } from "@/repo/milestone-bar";
import { PhaseList } from "@/repo/phase-list";
import { history } from "@/texts/history";
import { run as texts } from "@/texts/run";
import { Tag } from "@/ui/marks";
import { Loaded, Panel, SkeletonRows } from "@/ui/panel";
import { Prose } from "@/ui/prose";

const NotRead = lazy(() => import("./not-read"));
const RunActions = lazy(() => import("@/pages/start/run-actions"));

/** One run: its phases, what is known, and what it did not read. */
export function RunPage() {
  const ws = useWorkspace();
  const { run } = useParams({ from: "/inside/w/$ws/repos/$repo/runs/$run" });
  const query = useQuery(analysisQuery(ws, run));
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={3} height="h-24" />}>
      {({ data: { analysis, coverage } }) => (
        <div className="flex max-w-[920px] flex-col gap-6">
          <Panel
            title={texts.title}
            note={formatMoment(analysis.created_at)}
            actions={
              <Suspense>
                <RunActions analysis={analysis} active={analysis.can.cancel} />
              </Suspense>
            }
          >
            <div className="rounded-card border border-line p-4">
              <div className="mb-3 flex flex-wrap items-center gap-3 text-dense">
                <Tag tone={analysis.state === "failed" ? "critical" : analysis.state === "done" ? "ok" : "neutral"}>
                  {history.states[analysis.state]}
                </Tag>
                {analysis.commit && <code className="text-meta text-muted">{shortCommit(analysis.commit)}</code>}
                {analysis.failure && <span className="text-critical"><Prose text={analysis.failure.detail} /></span>}
              </div>
              <MilestoneBar percent={analysis.percent} label={texts.phases} />
              <div className="mt-4">
                <PhaseList phases={analysis.phases} />
              </div>
            </div>
          </Panel>
          {analysis.facts.length > 0 && (
            <Panel title={texts.facts}>
              <ul className="flex flex-wrap gap-1.5">
                {analysis.facts.map((fact) => (
                  <li key={fact} className="rounded-control bg-sunken px-2 py-0.5 text-dense text-muted">
                    {formatFact(fact)}
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          <Suspense>{coverage && <NotRead coverage={coverage} />}</Suspense>
        </div>
      )}
    </Loaded>
  );
}
