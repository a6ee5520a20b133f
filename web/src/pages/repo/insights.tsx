import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { insightsQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { formatCount } from "@/lib/count";
import { part } from "@/lib/part";
import { InsightList } from "@/repo/insight-list";
import { useSlug } from "@/repo/slug";
import { insight as texts } from "@/texts/insight";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Panel } from "@/ui/panel";

const NoInsight = part(() => import("@/repo/no-insight").then((module) => ({ default: module.NoInsight })));

/** Every insight: the open ones, then those that were closed or put away. */
export function InsightsPage() {
  const query = useQuery(insightsQuery(useWorkspace(), useSlug()));
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={4} height="h-40" />}>
      {({ items, meta }) => {
        const open = items.filter((each) => each.state === "open");
        const rest = items.filter((each) => each.state !== "open");
        return (
          <div className="flex max-w-[920px] flex-col gap-6">
            <Panel title={texts.open} note={open.length > 0 && texts.count(open.length)} partial={meta.partial}>
              {open.length === 0 ? (
                <Suspense>
                  <NoInsight rest={rest} />
                </Suspense>
              ) : (
                <InsightList insights={open} ranked />
              )}
            </Panel>
            {rest.length > 0 && (
              <Panel title={texts.done} note={formatCount(rest.length)}>
                <InsightList insights={rest} />
              </Panel>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
