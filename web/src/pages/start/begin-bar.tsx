import { useMutation } from "@tanstack/react-query";

import { problemOf, queryClient } from "@/api/client";
import { connectRepo, startAnalysis } from "@/api/mutations/repos";
import { reposQuery, serverQuery } from "@/api/queries";
import type { Probe } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { forms as texts } from "@/texts/source-forms";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";

import type { Begun } from "./chosen-list";

interface Props {
  chosen: readonly Probe[];
  /** Whether their histories are searched for secrets. */
  history: boolean;
  /** Why it cannot begin yet. */
  reason: string | undefined;
  onBegun: (begun: Begun) => void;
}

/** The button that begins the analyses of what was chosen. */
export default function BeginBar({ chosen, history, reason, onBegun }: Props) {
  const ws = useWorkspace();
  const offline = useOffline();
  const blocked = offline ?? reason;
  const begin = useMutation({
    mutationFn: () => beginAll(ws, chosen, history),
    onSuccess: async (begun) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: reposQuery(ws).queryKey }),
        queryClient.invalidateQueries({ queryKey: serverQuery.queryKey }),
      ]);
      onBegun(begun);
    },
  });
  return (
    <>
      {begin.error !== null && <Problem error={begin.error} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          look="primary"
          busy={begin.isPending}
          blocked={blocked}
          aria-describedby={blocked && "blocked"}
          onClick={() => begin.mutate()}
          className="px-4"
        >
          {begin.isPending ? texts.starting : texts.analyse(Math.max(1, chosen.length))}
        </Button>
        {blocked && (
          <span id="blocked" className="text-dense text-muted">
            {blocked}
          </span>
        )}
      </div>
    </>
  );
}

/** Connects each source and starts its analysis; one that is refused does not keep the others. */
async function beginAll(ws: string, chosen: readonly Probe[], history: boolean): Promise<Begun> {
  const start = startAnalysis(ws).mutationFn;
  const outcomes = await Promise.allSettled(
    chosen.map(async (probe) => {
      const repo = await connectRepo(ws, probe.source.location, history);
      return start?.({ repo: repo.slug, fresh: false }, {} as never);
    }),
  );
  return {
    runs: outcomes.flatMap((each) => (each.status === "fulfilled" && each.value ? [each.value.id] : [])).join(","),
    refused: outcomes.flatMap((each, index) => {
      const probe = chosen[index];
      return each.status === "rejected" && probe ? [{ probe, reason: problemOf(each.reason) }] : [];
    }),
  };
}
