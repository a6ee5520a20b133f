import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { problemOf } from "@/api/client";
import { cancelAnalysis, startAnalysis } from "@/api/mutations/repos";
import type { Analysis } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { progress as texts } from "@/texts/progress";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";

interface Props {
  analysis: Analysis;
  active: boolean;
  /** Where to go with the new run; into the place of the old one on the page of several runs without it. */
  onFresh?: (fresh: Analysis) => void;
}

/** Stops a run, or asks for another one in its place. */
export default function RunActions({ analysis, active, onFresh }: Props) {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const offline = useOffline();
  const failed = (error: unknown) => toast(problemOf(error).detail);
  const cancel = useMutation({ ...cancelAnalysis(ws), onError: failed });
  const again = useMutation({ ...startAnalysis(ws), onError: failed });
  const restart = () =>
    again.mutate(
      { repo: analysis.repo.slug, fresh: true },
      {
        onSuccess: (fresh) => {
          if (onFresh) return onFresh(fresh);
          const swap = (id: string) => (id === analysis.id ? fresh.id : id);
          void navigate({
            to: "/start/progress",
            search: ({ runs }) => ({ runs: (runs ?? "").split(",").map(swap).join(",") }),
            replace: true,
          });
        },
      },
    );
  if (active) {
    if (!analysis.can.cancel) return null;
    return (
      <Button look="ghost" busy={cancel.isPending} blocked={offline} onClick={() => cancel.mutate(analysis.id)}>
        {texts.cancel}
      </Button>
    );
  }
  if (!analysis.can.retry || analysis.state === "done") return null;
  return (
    <Button busy={again.isPending} blocked={offline} onClick={restart}>
      {texts.retry}
    </Button>
  );
}
