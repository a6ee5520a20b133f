import { Link } from "@tanstack/react-router";

import type { Insight } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { insight as texts } from "@/texts/insight";
import { buttonLook } from "@/ui/button";
import { Empty } from "@/ui/loaded";

import { useSlug } from "./slug";

/** Why no insight is open: none was proven, or all of them were closed or put away, which are then one step away. */
export function NoInsight({ rest }: { rest: readonly Insight[] }) {
  const ws = useWorkspace();
  const repo = useSlug();
  const [first] = rest;
  return (
    <Empty
      action={
        first && (
          <Link to="/w/$ws/repos/$repo/insights" params={{ ws, repo }} hash={first.id} className={buttonLook("secondary")}>
            {texts.showDone}
          </Link>
        )
      }
    >
      {texts.none(rest.length)}
    </Empty>
  );
}
