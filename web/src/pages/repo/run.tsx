import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Suspense } from "react";

import { analysisQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { run as texts } from "@/texts/run";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const RunDetail = early(() => import("./run/detail"));

/** One run of the analysis. */
export function RunPage() {
  const ws = useWorkspace();
  const { run } = useParams({ from: "/inside/w/$ws/repos/$repo/runs/$run" });
  const query = useQuery({
    ...analysisQuery(ws, run),
    // Runs of other workspaces that were before one that waits end without a word to this one.
    refetchInterval: ({ state }) => (state.data?.data.analysis.ahead ? 10_000 : false),
  });
  const rows = <SkeletonRows rows={3} height="h-24" />;
  return (
    <Loaded query={query} what={texts.what} skeleton={rows}>
      {({ data }) => (
        <Suspense fallback={rows}>
          <RunDetail {...data} />
        </Suspense>
      )}
    </Loaded>
  );
}
