import type { Insight } from "@/api/types";
import { InsightList } from "@/repo/insight-list";
import { NoInsight } from "@/repo/no-insight";
import { insight as insightTexts } from "@/texts/insight";
import { results as texts } from "@/texts/results";
import { Empty } from "@/ui/loaded";
import { Panel } from "@/ui/panel";

/** How many insights a person is shown first. */
const SHOWN = 5;

interface Props {
  insights: readonly Insight[];
  /** The repositories they are about. */
  repos: readonly string[];
}

/** What to do first, and what is done quickly. */
export default function FirstInsights({ insights, repos }: Props) {
  const open = insights.filter((each) => each.state === "open").sort((a, b) => b.rank - a.rank);
  const first = open.slice(0, SHOWN);
  const quick = open.filter((each) => each.quick_win && !first.includes(each));
  return (
    <>
      <Panel title={texts.insights} note={first.length > 0 && insightTexts.count(first.length)}>
        {repos.length === 0 ? (
          <Empty>{texts.nothing}</Empty>
        ) : first.length === 0 ? (
          <NoInsight rest={insights} repo={repos.length === 1 ? repos[0] : undefined} />
        ) : (
          <InsightList insights={first} ranked named={repos.length > 1} />
        )}
      </Panel>
      {quick.length > 0 && (
        <Panel title={texts.quickWins} note={texts.quickWinsHint}>
          <InsightList insights={quick} named={repos.length > 1} />
        </Panel>
      )}
    </>
  );
}
