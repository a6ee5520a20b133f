import { useMutation } from "@tanstack/react-query";
import { ThumbsDown, ThumbsUp } from "lucide-react";

import { problemOf } from "@/api/client";
import { judgeFinding } from "@/api/triage";
import type { Finding, FindingPage } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { sayAfter } from "@/lib/say-after";
import { findings } from "@/texts/findings";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";

const texts = findings.verdict;

/** Whether the finding is useful, in one press, and what people here say of its rule. */
export default function Judge({ finding, said, repo }: { finding: Finding; said: FindingPage["verdicts"][string] | undefined; repo: string }) {
  const judge = useMutation({ ...judgeFinding(useWorkspace(), repo), onError: (error) => toast(problemOf(error).detail) });
  const say = (useful: boolean) =>
    sayAfter(
      judge,
      { id: finding.id, useful: finding.useful === useful ? null : useful },
      () => finding.useful !== useful && !useful && toast(texts.thanks),
    );
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap gap-2" role="group" aria-label={texts.title}>
        <Button icon={ThumbsUp} aria-pressed={finding.useful === true} className={finding.useful === true ? "!border-ok !text-ok" : ""} onClick={() => say(true)}>
          {texts.useful}
        </Button>
        <Button icon={ThumbsDown} aria-pressed={finding.useful === false} className={finding.useful === false ? "!border-accent !text-accent" : ""} onClick={() => say(false)}>
          {texts.notUseful}
        </Button>
      </div>
      <p className="text-meta text-faint" role="status">
        {said && said.judged > 0 ? texts.rule(said.useful, said.judged) : texts.none}
      </p>
    </div>
  );
}
