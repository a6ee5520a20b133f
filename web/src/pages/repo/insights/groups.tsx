import type { Insight } from "@/api/types";
import { formatCount } from "@/lib/count";
import { InsightList } from "@/repo/insight-list";
import { NoInsight } from "@/repo/no-insight";
import { useSlug } from "@/repo/slug";
import { insight as texts } from "@/texts/insight";
import { Panel } from "@/ui/panel";

/** The open insights, then those that were closed or put away. */
export default function InsightGroups({ items, partial }: { items: readonly Insight[]; partial: readonly string[] }) {
  const repo = useSlug();
  const open = items.filter((each) => each.state === "open");
  const rest = items.filter((each) => each.state !== "open");
  return (
    <div className="flex max-w-[920px] flex-col gap-6">
      <Panel title={texts.open} note={open.length > 0 && texts.count(open.length)} partial={partial}>
        {open.length === 0 ? (
          <NoInsight rest={rest} repo={repo} />
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
}
