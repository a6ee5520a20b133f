import { useQueries } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { analysisQuery, insightsQuery, overviewQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { formatPercent, plural, visible } from "@/lib/format";
import { useRepoPlace } from "@/repo/place";
import { InsightList } from "@/repo/insight-list";
import { insight as insightTexts } from "@/texts/insight";
import { results as texts } from "@/texts/results";
import { buttonLook } from "@/ui/button";
import { SeverityTally } from "@/ui/marks";
import { Location } from "@/ui/location";
import { PageTitle } from "@/ui/page";
import { Empty, Loaded, Panel, SkeletonRows } from "@/ui/panel";

const NotMeasured = lazy(() => import("@/repo/coverage").then((module) => ({ default: module.NotMeasured })));
const GradeExplained = lazy(() => import("@/repo/grade").then((module) => ({ default: module.GradeExplained })));

/** How many insights a person is shown first. */
const SHOWN = 5;

/** Third step: what was found, and what to do first. */
export function ResultsPage() {
  const ws = useWorkspace();
  const { runs } = useSearch({ from: "/inside/start/results" });
  const ids = runs.split(",").filter(Boolean);
  const analyses = useQueries({ queries: ids.map((id) => analysisQuery(ws, id)) });
  const slugs = [
    ...new Set(analyses.flatMap((query) => (query.data?.data.analysis.state === "done" ? [query.data.data.analysis.repo.slug] : []))),
  ];
  const overviews = useQueries({ queries: slugs.map((slug) => overviewQuery(ws, slug)) });
  const insights = useQueries({ queries: slugs.map((slug) => insightsQuery(ws, slug)) });
  const open = insights
    .flatMap((query) => query.data?.items ?? [])
    .filter((each) => each.state === "open")
    .sort((a, b) => b.rank - a.rank);
  const first = open.slice(0, SHOWN);
  const quick = open.filter((each) => each.quick_win && !first.includes(each));
  const waiting = analyses.some((query) => query.isPending) || insights.some((query) => query.isPending);

  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-3">
        <div>
          <PageTitle name={texts.title} />
          <p className="text-muted">{texts.lead(slugs.length)}</p>
        </div>
        <Link to="/w/$ws/repos" params={{ ws }} className={buttonLook("secondary", "ms-auto")}>
          {texts.finish}
        </Link>
      </div>
      <ul className="flex flex-col gap-3">
        {overviews.map((query, index) => (
          <li key={slugs[index]} className="rounded-card border border-line bg-raised p-4">
            <Loaded query={query} what={slugs[index] ?? ""} skeleton={<SkeletonRows rows={1} height="h-16" />}>
              {({ data }) => (
                <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
                  <Suspense fallback={<div className="h-16 w-60" />}>
                    <GradeExplained quality={data.quality} repo={data.repo.slug} commit={data.commit.id} />
                  </Suspense>
                  <div className="min-w-52 flex-1">
                    <h2 className="truncate text-body font-semibold">
                      <Link to="/w/$ws/repos/$repo" params={{ ws, repo: data.repo.slug }} className="hover:text-accent hover:underline">
                        {visible(data.repo.name)}
                      </Link>
                    </h2>
                    <RepoPlace id={data.repo.id} />
                    <p className="text-dense text-muted">
                      {data.languages
                        .slice(0, 3)
                        .map((each) => `${visible(each.name)} ${formatPercent(each.percent)}`)
                        .join(", ")}
                      {` · ${plural(data.coverage.files, "file", "files")}`}
                    </p>
                  </div>
                  <SeverityTally counts={data.counts.findings} />
                </div>
              )}
            </Loaded>
          </li>
        ))}
      </ul>
      <Panel title={texts.insights} note={!waiting && first.length > 0 && insightTexts.count(first.length)}>
        {waiting ? (
          <SkeletonRows rows={3} height="h-40" />
        ) : slugs.length === 0 ? (
          <Empty>{texts.nothing}</Empty>
        ) : first.length === 0 ? (
          <Empty>{insightTexts.none(insights.reduce((sum, query) => sum + (query.data?.items.length ?? 0), 0))}</Empty>
        ) : (
          <InsightList insights={first} ranked named={slugs.length > 1} />
        )}
      </Panel>
      {quick.length > 0 && (
        <Panel title={texts.quickWins} note={texts.quickWinsHint}>
          <InsightList insights={quick} named={slugs.length > 1} />
        </Panel>
      )}
      <Suspense>
        {overviews.map(
          (query) => query.data && <NotMeasured key={query.data.data.repo.id} overview={query.data.data} scope={slugs.length > 1} />,
        )}
      </Suspense>
    </div>
  );
}

/** Where a repository comes from: its name alone may not tell it from another. */
function RepoPlace({ id }: { id: string }) {
  const place = useRepoPlace(id);
  return place ? <Location text={place.source.location} /> : null;
}
