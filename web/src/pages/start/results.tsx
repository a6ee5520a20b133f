import { useQueries } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { analysisQuery, insightsQuery, overviewQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { early, part } from "@/lib/part";
import { results as texts } from "@/texts/results";
import { buttonLook } from "@/ui/button";
import { PageTitle } from "@/ui/page";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const NotMeasured = part(() => import("@/repo/coverage").then((module) => ({ default: module.NotMeasured })));
const FirstInsights = early(() => import("./results/insights"));
const RepoCard = early(() => import("./results/repo-card"));

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
  const waiting = analyses.some((query) => query.isPending) || insights.some((query) => query.isPending);
  const cards = <SkeletonRows rows={3} height="h-40" />;

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
                <Suspense fallback={<SkeletonRows rows={1} height="h-16" />}>
                  <RepoCard report={data} />
                </Suspense>
              )}
            </Loaded>
          </li>
        ))}
      </ul>
      <Suspense fallback={cards}>
        {waiting ? cards : <FirstInsights insights={insights.flatMap((query) => query.data?.items ?? [])} repos={slugs} />}
      </Suspense>
      <Suspense>
        {overviews.map(
          (query) => query.data && <NotMeasured key={query.data.data.repo.id} overview={query.data.data} scope={slugs.length > 1} />,
        )}
      </Suspense>
    </div>
  );
}
