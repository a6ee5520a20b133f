import { Link } from "@tanstack/react-router";

import type { Insight } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { insight as texts } from "@/texts/insight";
import { repo as words } from "@/texts/repo";
import { buttonLook } from "@/ui/button";
import { Empty } from "@/ui/loaded";

interface Props {
  /** The insights that are not open. */
  rest: readonly Insight[];
  /** The repository, where it is one alone. */
  repo: string | undefined;
}

/** Why no insight is open, and what to look at instead: none was proven, or all of them were closed or put away. */
export function NoInsight({ rest, repo }: Props) {
  return <Empty action={repo !== undefined && <Instead first={rest[0]} repo={repo} />}>{texts.none(rest.length)}</Empty>;
}

function Instead({ first, repo }: { first: Insight | undefined; repo: string }) {
  const params = { ws: useWorkspace(), repo };
  if (first) {
    return (
      <Link to="/w/$ws/repos/$repo/insights" params={params} hash={first.id} className={buttonLook("secondary")}>
        {texts.showDone}
      </Link>
    );
  }
  return (
    <div className="flex flex-wrap gap-2">
      <Link to="/w/$ws/repos/$repo/findings" params={params} className={buttonLook("secondary")}>
        {words.tabs.findings}
      </Link>
      <Link to="/w/$ws/repos/$repo/hotspots" params={params} className={buttonLook("secondary")}>
        {words.tabs.hotspots}
      </Link>
    </div>
  );
}
