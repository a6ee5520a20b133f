import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense } from "react";

import { insightsQuery, overviewQuery, repoQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { repo as repoTexts } from "@/texts/repo";
import { Prose } from "@/ui/prose";
import { Loaded, SkeletonRows } from "@/ui/loaded";

// What stands below or beside the insights is loaded with the data, not before it.
const details = () => import("./overview/details");
const Facts = early(() => import("./overview/facts"));
const TopInsights = early(() => import("./overview/top-insights"));
const GradePanel = early(() => details().then((module) => ({ default: module.GradePanel })));
const MadeOf = early(() => details().then((module) => ({ default: module.MadeOf })));

/** The report at a glance: the grade and what produced it, what to do first, what it is made of. */
export function OverviewPage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const report = useQuery(overviewQuery(ws, slug));
  // How high they are is known then: what stands below them comes with them, and does not move.
  const waits = useQuery(insightsQuery(ws, slug)).isPending;
  const failure = useQuery(repoQuery(ws, slug)).data?.data.last_failure;
  return (
    <Loaded query={report} what={repoTexts.report} skeleton={<SkeletonRows rows={4} height="h-28" />}>
      {({ data, meta }) => (
        <div className="@container">
          {/* By the room there is, not by the window: a panel may stand beside the page. */}
          <div className="grid gap-x-8 gap-y-6 @4xl:grid-cols-[minmax(0,1fr)_320px]">
            <div className="flex min-w-0 flex-col gap-6">
              {failure && (
                <p role="status" className="rounded-card bg-critical-bg px-4 py-2 text-dense text-critical">
                  <Prose text={repoTexts.failed(failure.failure ? `: ${failure.failure.detail}` : "")} />{" "}
                  <Link to="/w/$ws/repos/$repo/runs/$run" params={{ ws, repo: slug, run: failure.id }} className="font-medium underline">
                    {repoTexts.seeRun}
                  </Link>
                </p>
              )}
              <Suspense fallback={<SkeletonRows rows={4} height="h-40" />}>
                <Facts report={data} analysedAt={meta.as_of} />
                <TopInsights />
                {!waits && <GradePanel report={data} partial={meta.partial} />}
              </Suspense>
            </div>
            <div className="flex min-w-0 flex-col gap-6">
              <Suspense fallback={<SkeletonRows rows={6} />}>
                <MadeOf report={data} />
              </Suspense>
            </div>
          </div>
        </div>
      )}
    </Loaded>
  );
}
