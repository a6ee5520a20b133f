import { useNavigate } from "@tanstack/react-router";
import { Suspense } from "react";

import type { Analysis, AnalysisDetail } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatFact, formatMoment, shortCommit } from "@/lib/format";
import { part } from "@/lib/part";
import { MilestoneBar } from "@/repo/milestone-bar";
import { PhaseList } from "@/repo/phase-list";
import { history } from "@/texts/history";
import { progress } from "@/texts/progress";
import { run as texts } from "@/texts/run";
import { Panel } from "@/ui/panel";
import { Prose } from "@/ui/prose";
import { Tag } from "@/ui/tag";

const Phases = part(() => import("./phases"));
const Log = part(() => import("./log"));
const NotRead = part(() => import("./not-read"));
const RunActions = part(() => import("@/pages/start/run-actions"));

/** The phases of one run, what became known, and what it did not read. */
export default function RunDetail({ analysis, coverage }: AnalysisDetail) {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const goOn = (fresh: Analysis) => void navigate({ to: "/w/$ws/repos/$repo/runs/$run", params: { ws, repo: fresh.repo.slug, run: fresh.id } });
  const timed = analysis.phases.some((phase) => phase.took_ms !== null);
  return (
    <div className="flex max-w-[920px] flex-col gap-6">
      <Panel
        title={texts.title}
        note={formatMoment(analysis.created_at)}
        actions={
          <Suspense>
            <RunActions analysis={analysis} active={analysis.can.cancel} onFresh={goOn} />
          </Suspense>
        }
      >
        <div className="rounded-card border border-line p-4">
          <div className="mb-3 flex flex-wrap items-center gap-3 text-dense">
            <Tag tone={analysis.state === "failed" ? "critical" : analysis.state === "done" ? "ok" : "neutral"}>
              {analysis.ahead ? progress.ahead(analysis.ahead) : history.states[analysis.state]}
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
      <Suspense>{timed && <Phases phases={analysis.phases} />}</Suspense>
      {!timed && analysis.facts.length > 0 && (
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
      <Suspense>
        <Log analysis={analysis} />
      </Suspense>
      <Suspense>{coverage && <NotRead coverage={coverage} />}</Suspense>
    </div>
  );
}
