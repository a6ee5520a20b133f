import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { problemOf } from "@/api/client";
import { startAnalysis } from "@/api/mutations/repos";
import type { Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { toast } from "@/ui/toast";

/** Starts an analysis, or shows the one that is running. */
export function useAnalyse(repo: Repo): { run: () => void; busy: boolean } {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const start = useMutation({ ...startAnalysis(ws), onError: (error) => toast(problemOf(error).detail) });
  const offline = useOffline();
  const run = () => {
    if (!repo.can.analyze || start.isPending || offline) return;
    if (repo.running) {
      void navigate({ to: "/w/$ws/repos/$repo/runs/$run", params: { ws, repo: repo.slug, run: repo.running.id } });
    } else start.mutate({ repo: repo.slug, fresh: true });
  };
  return { run, busy: start.isPending };
}
