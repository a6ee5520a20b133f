import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArchiveX, FlaskConical, SquareCheck, Timer, Zap } from "lucide-react";
import { useId, useState } from "react";

import { problemOf } from "@/api/client";
import { checkInsight, dismissInsight, makeTask } from "@/api/mutations";
import type { Insight } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatEffort, visible } from "@/lib/format";
import { common } from "@/texts/common";
import { insight as texts } from "@/texts/repo";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { EvidenceItem } from "@/ui/evidence";
import { CheckMark, SeverityMark, Tag } from "@/ui/marks";
import { toast } from "@/ui/toast";

/** One thing worth doing: what, why, the proof, the effort, and the check that will close it. */
export function InsightCard({ insight, place }: { insight: Insight; place?: number }) {
  const ws = useWorkspace();
  const id = useId();
  const [dismissing, setDismissing] = useState(false);
  const task = useMutation({
    ...makeTask(ws),
    onSettled: (made, error) => toast(made ? texts.madeTask(made.key) : problemOf(error).detail),
  });
  const check = useMutation({
    ...checkInsight(ws),
    onSettled: (checked, error) => {
      const passed = checked?.check.last?.passed;
      if (error) toast(problemOf(error).detail);
      else toast(passed === true ? texts.checkPassed : passed === false ? texts.checkFailed : texts.checkUnknown);
    },
  });
  const make = () => insight.can.make_task && !insight.task && !task.isPending && task.mutate(insight);

  return (
    <article
      aria-labelledby={id}
      data-row
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "m") make();
        if (event.key === "d" && insight.can.dismiss) setDismissing(true);
      }}
      className="@container rounded-card border border-line bg-raised p-4 focus-visible:outline-offset-0"
    >
      <header className="flex items-start gap-3">
        {place !== undefined && (
          <span className="mt-px w-4 shrink-0 text-dense text-faint" aria-label={texts.rank(place)}>
            {place}
          </span>
        )}
        <div className="min-w-0 flex-1">
          <h3 id={id} className="text-body font-semibold [overflow-wrap:anywhere]">
            {visible(insight.title)}
          </h3>
          <p className="mt-1 max-w-[72ch] text-dense text-muted [overflow-wrap:anywhere]">{visible(insight.why)}</p>
        </div>
        <div className="flex shrink-0 items-center gap-2 text-dense">
          {insight.quick_win && (
            <span className="hidden @lg:inline">
              <Tag tone="accent" icon={Zap}>
                {texts.quickWin}
              </Tag>
            </span>
          )}
          <SeverityMark severity={insight.severity} />
        </div>
      </header>
      <ul aria-label={texts.evidence} className="mt-3 flex flex-col gap-1 ps-7">
        {insight.evidence.map((each, index) => (
          <EvidenceItem key={index} repo={insight.repo.slug} evidence={each} />
        ))}
      </ul>
      <dl className="mt-3 grid gap-x-6 gap-y-1.5 ps-7 text-dense @lg:grid-cols-[auto_minmax(0,1fr)]">
        <div className="flex items-baseline gap-2">
          <dt className="sr-only">{texts.effort}</dt>
          <Timer size={14} aria-hidden className="shrink-0 translate-y-0.5 text-faint" />
          <dd>
            <span className="font-medium">{formatEffort(insight.effort.min_minutes, insight.effort.max_minutes)}</span>
            <span className="text-faint"> · {insight.effort.reason}</span>
          </dd>
        </div>
        <div className="flex min-w-0 items-baseline gap-2">
          <dt className="sr-only">{texts.check}</dt>
          <span className="translate-y-0.5">
            <CheckMark passed={insight.check.last?.passed} />
          </span>
          <dd className="min-w-0 [overflow-wrap:anywhere]">
            {visible(insight.check.text)}
            <span className="text-faint"> · {visible(insight.check.last?.detail ?? texts.notRun)}</span>
          </dd>
        </div>
      </dl>
      <footer className="mt-3 flex flex-wrap items-center gap-2 ps-7">
        {insight.state === "open" ? (
          <>
            {insight.task ? (
              <Link
                to="/w/$ws/tasks"
                params={{ ws }}
                className="tap inline-flex items-center gap-1.5 rounded-control bg-ok-bg px-2.5 text-dense font-medium text-ok hover:underline"
              >
                <SquareCheck size={14} aria-hidden />
                {insight.task.key} · {common.status[insight.task.status]}
              </Link>
            ) : (
              insight.can.make_task && (
                <Button look={place === 1 ? "primary" : "secondary"} icon={SquareCheck} busy={task.isPending} onClick={make}>
                  {texts.makeTask}
                </Button>
              )
            )}
            {insight.can.check && (
              <Button look="ghost" icon={FlaskConical} busy={check.isPending} onClick={() => check.mutate(insight)}>
                {texts.runCheck}
              </Button>
            )}
            {insight.can.dismiss && (
              <Button look="ghost" icon={ArchiveX} onClick={() => setDismissing(true)}>
                {texts.dismiss}
              </Button>
            )}
          </>
        ) : (
          <Tag tone={insight.state === "closed" ? "ok" : "neutral"}>
            {insight.state === "closed" ? texts.closed : texts.dismissed}
          </Tag>
        )}
      </footer>
      {dismissing && <DismissDialog insight={insight} onClose={() => setDismissing(false)} />}
    </article>
  );
}

function DismissDialog({ insight, onClose }: { insight: Insight; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const dismiss = useMutation({
    ...dismissInsight(useWorkspace()),
    onSettled: (done, error) => toast(done ? texts.dismissed : problemOf(error).detail),
  });
  return (
    <Dialog title={texts.dismissTitle} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          dismiss.mutate({ insight, reason }, { onSuccess: onClose });
        }}
      >
        <p className="text-dense text-muted">{visible(insight.title)}</p>
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
