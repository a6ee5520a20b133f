import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, type ReactNode } from "react";

import { insightsQuery, overviewQuery, repoQuery } from "@/api/queries";
import type { Overview } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { formatCount } from "@/lib/format";
import { useSlug } from "@/repo/slug";
import { AdvisoryNote, useKnowledge } from "@/repo/advisory-note";
import { InsightList } from "@/repo/insight-list";
import { advisories } from "@/texts/advisories";
import { insight as insightTexts } from "@/texts/insight";
import { repo as repoTexts } from "@/texts/repo";
import { repos } from "@/texts/repos";
import { overview as texts } from "@/texts/report";
import { buttonLook } from "@/ui/button";
import { SeverityTally } from "@/ui/marks";
import { Prose } from "@/ui/prose";
import { Empty, Loaded, Panel, SkeletonRows } from "@/ui/panel";

// What stands below or beside the insights is loaded with the data, not before it.
const details = () => import("./overview-details");
const GradePanel = lazy(() => details().then((module) => ({ default: module.GradePanel })));
const MadeOf = lazy(() => details().then((module) => ({ default: module.MadeOf })));

/** Insights on the overview; the rest has a page of its own. */
const SHOWN = 5;

/** The report at a glance: the grade and what produced it, what to do first, what it is made of. */
export function OverviewPage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const report = useQuery(overviewQuery(ws, slug));
  const failure = useQuery(repoQuery(ws, slug)).data?.data.last_failure;
  return (
    <Loaded query={report} what={repoTexts.report} skeleton={<SkeletonRows rows={4} height="h-28" />}>
      {({ data, meta }) => (
        <div className="grid gap-x-8 gap-y-6 xl:grid-cols-[minmax(0,1fr)_320px]">
          <div className="flex min-w-0 flex-col gap-6">
            {failure && (
              <p role="status" className="rounded-card bg-critical-bg px-4 py-2 text-dense text-critical">
                <Prose text={repoTexts.failed(failure.failure ? `: ${failure.failure.detail}` : "")} />{" "}
                <Link to="/w/$ws/repos/$repo/runs/$run" params={{ ws, repo: slug, run: failure.id }} className="font-medium underline">
                  {repoTexts.seeRun}
                </Link>
              </p>
            )}
            <Facts report={data} analysedAt={meta.as_of} />
            <TopInsights />
            <Suspense fallback={<SkeletonRows rows={7} />}>
              <GradePanel report={data} partial={meta.partial} />
            </Suspense>
          </div>
          <div className="flex min-w-0 flex-col gap-6">
            <Suspense fallback={<SkeletonRows rows={6} />}>
              <MadeOf report={data} />
            </Suspense>
          </div>
        </div>
      )}
    </Loaded>
  );
}

/** The lengths of the other pages' lists, each a way there. */
function Facts({ report, analysedAt }: { report: Overview; analysedAt: string }) {
  const ws = useWorkspace();
  const { counts, advisories: check } = report;
  const inUse = [...new Set(report.manifests.map((each) => each.ecosystem))];
  const { known, newer } = useKnowledge(check, analysedAt, inUse);
  const params = { ws, repo: report.repo.slug };
  const tile = "flex min-w-0 flex-col gap-0.5 bg-bg p-3 hover:bg-subtle focus-visible:z-10";
  return (
    <div className="flex flex-col gap-2">
      <div className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-4">
        <Link to="/w/$ws/repos/$repo/findings" params={params} className={tile}>
          <Figure label={texts.findings}>{formatCount(Object.values(counts.findings).reduce((sum, each) => sum + each, 0))}</Figure>
          <span className="text-dense">
            <SeverityTally counts={counts.findings} />
          </span>
        </Link>
        <Link to="/w/$ws/repos/$repo/dependencies" params={params} className={tile}>
          <Figure label={texts.dependencies}>{formatCount(counts.dependencies)}</Figure>
          <span className="flex flex-wrap gap-x-2 text-dense text-muted">
            <span className="whitespace-nowrap">{texts.dependenciesOf(counts.direct_dependencies)}</span>
            <span className={cx("whitespace-nowrap", counts.vulnerable_dependencies ? "text-critical" : "")}>
              {counts.vulnerable_dependencies === null
                ? repos.notChecked
                : counts.vulnerable_dependencies === 0
                  ? advisories.none
                  : texts.vulnerableCount(counts.vulnerable_dependencies)}
            </span>
          </span>
        </Link>
        <Link to="/w/$ws/repos/$repo/architecture" params={params} className={tile}>
          <Figure label={texts.modules}>{formatCount(counts.modules)}</Figure>
          <span className="text-dense text-muted">{texts.cycles(counts.cycles)}</span>
        </Link>
        <Link to="/w/$ws/repos/$repo/hotspots" params={params} className={tile}>
          <Figure label={texts.hotspots}>{formatCount(counts.hotspots)}</Figure>
          <span className="text-dense text-muted">{texts.lines(report.languages.reduce((sum, each) => sum + each.lines.code, 0))}</span>
        </Link>
      </div>
      {counts.dependencies > 0 && <AdvisoryNote check={check} known={known} newer={newer} />}
    </div>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <span className="text-meta text-faint">{label}</span>
      <span className="text-section font-semibold">{children}</span>
    </>
  );
}

function TopInsights() {
  const ws = useWorkspace();
  const slug = useSlug();
  const query = useQuery(insightsQuery(ws, slug));
  const open = query.data?.items.filter((each) => each.state === "open") ?? [];
  return (
    <Panel
      title={texts.insights}
      note={query.data && insightTexts.count(open.length)}
      actions={
        <Link to="/w/$ws/repos/$repo/insights" params={{ ws, repo: slug }} className={buttonLook("ghost", "-me-2.5")}>
          {texts.allInsights}
        </Link>
      }
    >
      <Loaded query={query} what={insightTexts.what} skeleton={<SkeletonRows rows={3} height="h-40" />}>
        {() =>
          open.length === 0 ? (
            <Empty>{insightTexts.count(0)}</Empty>
          ) : (
            <InsightList insights={open.slice(0, SHOWN)} ranked />
          )
        }
      </Loaded>
    </Panel>
  );
}
