import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";

import { repoQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { repo as texts } from "@/texts/repo";
import { repos } from "@/texts/repos";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/loaded";
import { Prose } from "@/ui/prose";

import { useAnalyse } from "./analyse";

/** A repository without a report: one panel that says what will be read. */
export default function Unanalysed({ repo }: { repo: Repo }) {
  const analyse = useAnalyse(repo);
  const waiting = repo.running;
  useQuery({
    ...repoQuery(useWorkspace(), repo.slug),
    // Runs of other workspaces that were before one that waits end without a word to this one.
    refetchInterval: ({ state }) => (state.data?.data.running?.ahead ? 10_000 : false),
  });
  return (
    <Empty
      action={
        repo.can.analyze && (
          <Button look="primary" icon={RotateCw} busy={analyse.busy} onClick={analyse.run}>
            {waiting ? texts.seeRun : texts.analyse}
          </Button>
        )
      }
    >
      {waiting ? (
        waiting.state === "queued" ? repos.queued(waiting.ahead) : repos.running(waiting.percent)
      ) : repo.last_failure ? (
        <Prose text={`${texts.failedFirst} ${repo.last_failure.failure?.detail ?? ""}`} />
      ) : (
        texts.never
      )}
    </Empty>
  );
}
