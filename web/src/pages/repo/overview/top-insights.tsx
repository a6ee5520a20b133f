import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { insightsQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { InsightList } from "@/repo/insight-list";
import { NoInsight } from "@/repo/no-insight";
import { useSlug } from "@/repo/slug";
import { insight as insightTexts } from "@/texts/insight";
import { buttonLook } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Panel } from "@/ui/panel";

/** Insights on the overview; the rest has a page of its own. */
const SHOWN = 5;

/** What to do first. */
export default function TopInsights() {
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
            <NoInsight rest={items} repo={slug} />
          ) : (
            <InsightList insights={open.slice(0, SHOWN)} ranked />
          )
        }
      </Loaded>
    </Panel>
  );
}
