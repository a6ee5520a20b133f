import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArchiveRestore, ArchiveX, FlaskConical, SquareCheck } from "lucide-react";
import { Suspense, useEffect, useState, type RefObject } from "react";

import { problemOf } from "@/api/client";
import { checkInsight, dismissInsight, makeTask, restoreInsight } from "@/api/mutations/insights";
import { reposQuery } from "@/api/queries";
import type { Insight } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { ofTheInsight } from "@/chat/attachments";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { peekText } from "@/lib/peek";
import { sayAfter } from "@/lib/say-after";
import { ofInsight } from "@/memory/draft";
import { isConflict } from "@/offline/change";
import { common } from "@/texts/common";
import { insight as texts } from "@/texts/insight";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Tag } from "@/ui/tag";
import { Prose } from "@/ui/prose";
import { toast } from "@/ui/toast";

const AskAbout = part(() => import("@/chat/ask-about"));
const Remember = part(() => import("@/memory/remember").then((module) => ({ default: module.Remember })));

interface Props {
  insight: Insight;
  /** Whether it is the one to begin with. */
  first: boolean;
  /** The card around it: with the focus on it, single keys act. */
  card: RefObject<HTMLElement | null>;
}

/** What can be done about an insight, by button and by key. */
export default function InsightActions({ insight, first, card }: Props) {
  const ws = useWorkspace();
  // The lines it rests on are those of the newest report.
  const commit = useQuery(reposQuery(ws)).data?.items.find(({ id }) => id === insight.repo.id)?.latest?.commit ?? null;
  const [dismissing, setDismissing] = useState(false);
  const task = useMutation({ ...makeTask(ws), onError: (error) => toast(problemOf(error).detail) });
  const check = useMutation({ ...checkInsight(ws), onError: (error) => toast(problemOf(error).detail) });
  const offline = useOffline();
  const make = () => {
    if (!offline && insight.can.make_task && !insight.task && !task.isPending) {
      sayAfter(task, insight, (made) => toast(texts.madeTask(made.key)));
    }
  };
  const restore = useMutation(restoreInsight(ws));
  const bringBack = (dismissed: Insight) => void tellRestored(restore.mutateAsync(dismissed));
  const run = () => sayAfter(check, insight, (checked) => toast(verdict(checked)));

  useEffect(() => {
    const element = card.current;
    const onKey = (event: KeyboardEvent) => {
      if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "m") make();
      if (event.key === "d" && insight.can.dismiss) setDismissing(true);
    };
    element?.addEventListener("keydown", onKey);
    return () => element?.removeEventListener("keydown", onKey);
  });

  return (
    <>
        {insight.state === "open" ? (
          <>
            {insight.task ? (
              <Link
                to="/w/$ws/tasks"
                params={{ ws }}
                search={{ peek: peekText({ kind: "task", id: insight.task.key }) }}
                className="tap inline-flex items-center gap-1.5 rounded-control bg-ok-bg px-2.5 text-dense font-medium text-ok hover:underline"
              >
                <SquareCheck size={14} aria-hidden />
                {insight.task.key} · {common.status[insight.task.status]}
              </Link>
            ) : (
              insight.can.make_task && (
                <Button look={first ? "primary" : "secondary"} icon={SquareCheck} busy={task.isPending} blocked={offline} onClick={make}>
                  {texts.makeTask}
                </Button>
              )
            )}
            {insight.can.check && (
              <Button look="ghost" icon={FlaskConical} busy={check.isPending} blocked={offline} onClick={run}>
                {texts.runCheck}
              </Button>
            )}
            <Suspense>
              <Remember look="ghost" of={() => ofInsight(insight, { id: insight.repo.id, commit })} />
              <AskAbout look="ghost" about={() => ofTheInsight(insight)} repo={insight.repo.id} />
            </Suspense>
            {insight.can.dismiss && (
              <Button look="ghost" icon={ArchiveX} onClick={() => setDismissing(true)}>
                {texts.dismiss}
              </Button>
            )}
          </>
        ) : (
          <>
            <Tag tone={insight.state === "closed" ? "ok" : "neutral"}>
              {insight.state === "closed" ? texts.closed : texts.dismissed}
            </Tag>
            {insight.can.restore && (
              <Button look="ghost" icon={ArchiveRestore} busy={restore.isPending} onClick={() => bringBack(insight)}>
                {texts.restore}
              </Button>
            )}
          </>
        )}
      {dismissing && <DismissDialog insight={insight} onUndo={bringBack} onClose={() => setDismissing(false)} />}
    </>
  );
}

function verdict(insight: Insight): string {
  const passed = insight.check.last?.passed;
  return passed === true ? texts.checkPassed : passed === false ? texts.checkFailed : texts.checkUnknown;
}

/** Says what became of an insight that was brought back: its card may have moved to another list meanwhile. */
async function tellRestored(answer: Promise<Insight>): Promise<void> {
  try {
    toast((await answer).state === "closed" ? texts.restoredClosed : texts.restored);
  } catch (error) {
    toast(problemOf(error).detail);
  }
}

function DismissDialog({ insight, onUndo, onClose }: { insight: Insight; onUndo: (dismissed: Insight) => void; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const dismiss = useMutation({
    ...dismissInsight(useWorkspace()),
    onError: (error) => {
      toast(problemOf(error).detail);
      // Somebody was faster: the reason is kept with the change, which asks beside what is there now.
      if (isConflict(problemOf(error))) onClose();
    },
  });
  return (
    <Dialog title={texts.dismissTitle} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          sayAfter(dismiss, { insight, reason }, (dismissed) => toast(texts.dismissed, { undo: () => onUndo(dismissed) }), {
            onSuccess: onClose,
          });
        }}
      >
        <p className="text-dense text-muted">
          <Prose text={insight.title} />
        </p>
        <label className="flex flex-col gap-1 text-dense">
          <span className="font-medium">{texts.dismissReason}</span>
          <textarea
            rows={3}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            className="rounded-control border border-control bg-bg px-2.5 py-1.5"
          />
          <span className="text-meta text-faint">{texts.dismissHint}</span>
        </label>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button look="primary" type="submit" busy={dismiss.isPending}>
            {texts.dismissConfirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
