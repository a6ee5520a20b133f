import { useMutation, useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";

import { problemOf } from "@/api/client";
import { analysesQuery } from "@/api/queries";
import { setBaseline } from "@/api/triage";
import type { FindingPage } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatDay, formatMoment, shortCommit } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { sayAfter } from "@/lib/say-after";
import { findings } from "@/texts/findings";
import { Button, buttonLook } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { menuItem, Popover } from "@/ui/popover";
import { toast } from "@/ui/toast";

const texts = findings.baseline;

interface Props {
  page: FindingPage;
  repo: string;
  shown: boolean;
  onShow: (show: boolean) => void;
}

/** What existed before is hidden: since when, how much, and the way to see or to change it. */
export default function BaselineChip({ page, repo, shown, onShow }: Props) {
  const { baseline, before_baseline: hidden, can } = page;
  const on = baseline.before;
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {can.triage ? (
        <Popover
          label={texts.title}
          triggerClass={buttonLook("secondary", on ? "!border-accent !text-accent" : "")}
          trigger={
            <>
              <History size={14} strokeWidth={1.75} aria-hidden />
              {on ? texts.on(formatDay(on)) : texts.set}
            </>
          }
          className="w-96 p-3"
        >
          {(close) => <Choose page={page} repo={repo} onDone={close} />}
        </Popover>
      ) : (
        on && <span className="text-dense text-muted">{texts.on(formatDay(on))}</span>
      )}
      {on && (
        <span className="text-dense text-muted" role="status">
          {!shown && `${texts.hidden(hidden)} · `}
          <button type="button" className="text-accent hover:underline" onClick={() => onShow(!shown)}>
            {shown ? texts.hide : texts.show}
          </button>
        </span>
      )}
    </span>
  );
}

function Choose({ page, repo, onDone }: { page: FindingPage; repo: string; onDone: () => void }) {
  const ws = useWorkspace();
  const analyses = useQuery(analysesQuery(ws, repo));
  const set = useMutation({ ...setBaseline(ws, repo), onError: (error) => toast(problemOf(error).detail) });
  const offline = useOffline();
  const choose = (analysis: string | null) =>
    offline === undefined &&
    sayAfter(
      set,
      { version: page.baseline.version, analysis },
      () => toast(analysis === null ? texts.cleared : texts.saved),
      {
        onSuccess: onDone,
      },
    );
  return (
    <div className="flex flex-col gap-2 text-dense">
      <p className="text-muted">{texts.lead}</p>
      {offline && <p className="text-medium">{offline}</p>}
      <Loaded query={analyses} what={texts.title} skeleton={<SkeletonRows rows={3} height="h-7" />}>
        {({ items }) => (
          <ul className="scroll-thin max-h-60 overflow-y-auto" aria-label={texts.title}>
            {items
              .filter((each) => each.summary)
              .map((each) => (
                <li key={each.id}>
                  <button type="button" className={menuItem} aria-disabled={offline !== undefined || undefined} aria-current={page.baseline.analysis === each.id || undefined} onClick={() => choose(each.id)}>
                    <span>{formatMoment(each.finished_at ?? each.created_at)}</span>
                    {each.summary && <code className="ms-auto text-meta text-faint">{shortCommit(each.summary.commit)}</code>}
                  </button>
                </li>
              ))}
          </ul>
        )}
      </Loaded>
      {page.baseline.analysis !== null && (
        <div>
          <Button busy={set.isPending} blocked={offline} onClick={() => choose(null)}>
            {texts.clear}
          </Button>
        </div>
      )}
    </div>
  );
}
