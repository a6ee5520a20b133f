import { useQuery } from "@tanstack/react-query";

import { insightsQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { formatCount } from "@/lib/format";
import { InsightList } from "@/repo/insight-list";
import { NoInsight } from "@/repo/no-insight";
import { useSlug } from "@/repo/slug";
import { insight as texts } from "@/texts/insight";
import { Loaded, Panel, SkeletonRows } from "@/ui/panel";

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
                <NoInsight rest={rest} />
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
