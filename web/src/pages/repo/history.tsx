import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import { Suspense } from "react";

import { analysesQuery } from "@/api/queries";
import type { Analysis } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import type { CsvColumn } from "@/lib/csv";
import { early, part } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { history as texts } from "@/texts/history";
import { buttonLook } from "@/ui/button";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";

const Trend = part(() => import("./history/trend"));
const Runs = early(() => import("./history/runs"));

const TakeAlong = part(() => import("@/ui/take-along")) as typeof import("@/ui/take-along").default;

/** So many runs the server tells at most, the newest. */
const LISTED = 100;

/** The runs as a table for spreadsheets. */
const COLUMNS: readonly CsvColumn<Analysis>[] = [
  ["asked_for", (each) => each.created_at],
  ["finished", (each) => each.finished_at],
  ["state", (each) => each.state],
  ["commit", (each) => each.commit],
  ["grade", (each) => each.summary?.grade],
  ["score", (each) => each.summary?.score],
  ["critical", (each) => each.summary?.findings.critical],
  ["high", (each) => each.summary?.findings.high],
  ["medium", (each) => each.summary?.findings.medium],
  ["low", (each) => each.summary?.findings.low],
  ["dependencies", (each) => each.summary?.dependencies],
  ["vulnerable", (each) => each.summary?.vulnerable],
  ["insights", (each) => each.summary?.insights],
];

/** Every run of the analysis, the newest first. */
export function HistoryPage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const query = useQuery(analysesQuery(ws, slug));
  const rows = <SkeletonRows rows={6} />;
  const scored = query.data?.items.filter((each) => each.summary?.score != null).length ?? 0;
  return (
    <Loaded query={query} what={texts.what} skeleton={rows}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>{texts.empty}</Empty>
        ) : (
          <div className="flex flex-col gap-5">
            <Suspense>{scored > 1 && <Trend items={items} />}</Suspense>
            <div className="flex flex-wrap items-center justify-between gap-2">
              {items.filter((each) => each.state === "done").length > 1 && (
                <Link to="/w/$ws/repos/$repo/compare" params={{ ws, repo: slug }} className={buttonLook()}>
                  <GitCompareArrows size={14} strokeWidth={1.75} aria-hidden />
                  {texts.compare}
                </Link>
              )}
              <span className="ms-auto">
                <Suspense>
                  <TakeAlong file={`${slug}-history`} columns={COLUMNS} rows={() => items} />
                </Suspense>
              </span>
            </div>
            <Suspense fallback={rows}>
              <Runs items={items} slug={slug} />
            </Suspense>
            {items.length >= LISTED && <p className="text-dense text-muted">{texts.newest(items.length)}</p>}
            {items.length === 1 && <p className="text-dense text-muted">{texts.one}</p>}
          </div>
        )
      }
    </Loaded>
  );
}
