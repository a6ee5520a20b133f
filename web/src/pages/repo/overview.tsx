import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { insightsQuery, overviewQuery, repoQuery } from "@/api/queries";
import type { Overview } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { formatCount, visible } from "@/lib/format";
import { AdvisoryNote, NotMeasured } from "@/repo/coverage";
import { GradeExplained, GradeTable } from "@/repo/grade";
import { InsightCard } from "@/repo/insight-card";
import { Languages, Stack } from "@/repo/languages";
import { insight as insightTexts, overview as texts, repo as repoTexts, repos } from "@/texts/repo";
import { PlainBars } from "@/ui/bars";
import { buttonLook } from "@/ui/button";
import { SeverityTally } from "@/ui/marks";
import { Empty, Loaded, Panel, SkeletonRows } from "@/ui/panel";
import { useSlug } from "@/repo/slug";

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
                {repoTexts.failed(failure.failure ? `: ${visible(failure.failure.detail)}` : "")}{" "}
                <Link to="/w/$ws/repos/$repo/runs/$run" params={{ ws, repo: slug, run: failure.id }} className="font-medium underline">
                  {repoTexts.seeRun}
                </Link>
              </p>
            )}
            <Facts report={data} />
            <TopInsights />
            <Panel title={texts.grade} partial={meta.partial}>
              <div className="mb-3">
                <GradeExplained quality={data.quality} repo={data.repo.name} commit={data.commit.id} />
              </div>
              <GradeTable quality={data.quality} repo={slug} />
            </Panel>
            <NotMeasured overview={data} />
          </div>
          <div className="flex min-w-0 flex-col gap-6">
            <Languages languages={data.languages} />
            <Stack stack={data.stack} repo={slug} />
            <Activity report={data} />
          </div>
        </div>
      )}
    </Loaded>
  );
}

/** The lengths of the other pages' lists, each a way there. */
function Facts({ report }: { report: Overview }) {
  const ws = useWorkspace();
  const { counts, advisories } = report;
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
          <span className="text-dense text-muted">
            {texts.dependenciesOf(counts.direct_dependencies)} ·{" "}
            <span className={cx(counts.vulnerable_dependencies ? "text-critical" : "")}>
              {counts.vulnerable_dependencies === null ? repos.notChecked : `${formatCount(counts.vulnerable_dependencies)} ${texts.vulnerable.toLowerCase()}`}
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
      <AdvisoryNote check={advisories} />
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
        <Link to="/w/$ws/repos/$repo/insights" params={{ ws, repo: slug }} className={buttonLook("ghost")}>
          {texts.allInsights}
        </Link>
      }
    >
      <Loaded query={query} what={insightTexts.what} skeleton={<SkeletonRows rows={3} height="h-40" />}>
        {() =>
          open.length === 0 ? (
            <Empty>{insightTexts.count(0)}</Empty>
          ) : (
            <div className="flex flex-col gap-3">
              {open.slice(0, SHOWN).map((each, index) => (
                <InsightCard key={each.id} insight={each} place={index + 1} />
              ))}
            </div>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Activity({ report }: { report: Overview }) {
  const { history } = report;
  return (
    <Panel title={texts.activity}>
      <PlainBars
        label={texts.activity}
        values={history.monthly.map((value, index) => ({ label: texts.month(index, value), value }))}
      />
      <ul className="mt-2 flex flex-col gap-0.5 text-dense text-muted">
        <li>{texts.commits(history.window_commits, history.window_days)}</li>
        <li>{texts.contributors(history.contributors)}</li>
        <li className="text-meta text-faint">
          {texts.leftOut(history.merges_left_out, history.bots_left_out, history.sweeping_left_out)}
          {history.truncated && ` ${texts.shallow}`}
        </li>
      </ul>
    </Panel>
  );
}
