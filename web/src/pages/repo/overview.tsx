import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { insightsQuery, overviewQuery, repoQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { useSlug } from "@/repo/slug";
import { InsightList } from "@/repo/insight-list";
import { NoInsight } from "@/repo/no-insight";
import { insight as insightTexts } from "@/texts/insight";
import { repo as repoTexts } from "@/texts/repo";
import { buttonLook } from "@/ui/button";
import { Prose } from "@/ui/prose";
import { Loaded, Panel, SkeletonRows } from "@/ui/panel";

// What stands below or beside the insights is loaded with the data, not before it.
const details = () => import("./overview-details");
const Facts = lazy(() => import("./overview-facts"));
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
            <Suspense fallback={<SkeletonRows rows={1} height="h-40" />}>
              <Facts report={data} analysedAt={meta.as_of} />
            </Suspense>
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

function TopInsights() {
  const ws = useWorkspace();
  const slug = useSlug();
  const query = useQuery(insightsQuery(ws, slug));
  const open = query.data?.items.filter((each) => each.state === "open") ?? [];
  return (
    <Panel
      title={insightTexts.title}
      note={open.length > 0 && insightTexts.count(open.length)}
      actions={
        <Link to="/w/$ws/repos/$repo/insights" params={{ ws, repo: slug }} className={buttonLook("ghost", "-me-2.5")}>
          {insightTexts.all}
        </Link>
      }
    >
      <Loaded query={query} what={insightTexts.what} skeleton={<SkeletonRows rows={3} height="h-40" />}>
        {({ items }) =>
          open.length === 0 ? (
            <NoInsight rest={items} />
          ) : (
            <InsightList insights={open.slice(0, SHOWN)} ranked />
          )
        }
      </Loaded>
    </Panel>
  );
}
