import { Link, useLocation } from "@tanstack/react-router";
import { Timer, Zap } from "lucide-react";
import { Suspense, useEffect, useId, useRef } from "react";

import type { Insight } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { formatEffort } from "@/lib/format";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { changedLook, useChanged } from "@/live/changed";
import { insight as texts } from "@/texts/insight";
import { EvidenceItem } from "@/ui/evidence";
import { SeverityMark } from "@/ui/severity";
import { Tag } from "@/ui/tag";
import { CheckMark } from "@/ui/proof-marks";
import { Prose } from "@/ui/prose";

const ExplainFigure = part(() => import("./explain"));
// What can be done about an insight is loaded after what it says.
const InsightActions = part(() => import("./insight-actions"));

/** Whether the end of the card says or offers anything: who only reads is offered nothing. */
const somethingToDo = ({ state, task, can }: Insight): boolean => state !== "open" || task !== null || can.make_task || can.check || can.dismiss;

/** One thing worth doing: what, why, the proof, the effort, and the check that will close it. */
export default function InsightCard({ insight, place, named }: { insight: Insight; place?: number; named: boolean }) {
  const ws = useWorkspace();
  const id = useId();
  const effort = formatEffort(insight.effort.min_minutes, insight.effort.max_minutes);
  const changed = useChanged(insight.id);
  const card = useRef<HTMLElement>(null);
  // A link to one insight leads to its card, which is loaded later than the page.
  const wanted = useLocation({ select: (location) => location.hash === insight.id });
  useEffect(() => {
    if (wanted) card.current?.focus();
  }, [wanted]);

  return (
    <article
      ref={card}
      aria-labelledby={id}
      data-row
      tabIndex={0}
      className={cx("@container rounded-card border border-line p-4 focus-visible:outline-offset-0", changed ? changedLook : "bg-raised")}
    >
      <header className="flex flex-wrap items-start gap-x-3 gap-y-1 @md:flex-nowrap">
        {place !== undefined && (
          <span className="order-first -mt-px shrink-0 text-dense text-faint @md:w-5">
            <Suspense fallback={place}>
              <ExplainFigure figure="insight_rank" of={insight.id} repo={insight.repo.slug} label={texts.rank(place)} className="min-w-6">
                <span aria-hidden>{place}</span>
              </ExplainFigure>
            </Suspense>
          </span>
        )}
        <div className="w-full min-w-0 @md:w-auto @md:flex-1">
          {named && (
            <p className="text-meta text-faint">
              <Link to="/w/$ws/repos/$repo" params={{ ws, repo: insight.repo.slug }} className="[overflow-wrap:anywhere] hover:text-accent hover:underline">
                {visible(insight.repo.name)}
              </Link>
            </p>
          )}
          <h3 id={id} className="text-body font-semibold [overflow-wrap:anywhere]">
            <Prose text={insight.title} />
          </h3>
          <p className="mt-1 max-w-[72ch] text-dense text-muted [overflow-wrap:anywhere]">
            <Prose text={insight.why} />
          </p>
        </div>
        <div className="order-first flex shrink-0 items-center gap-2 text-dense @md:order-none">
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
      <ul aria-label={texts.evidence} className="mt-3 flex flex-col gap-1 @md:ps-8">
        {insight.evidence.map((each, index) => (
          <EvidenceItem key={index} repo={insight.repo.slug} evidence={each} />
        ))}
      </ul>
      <dl className="mt-2 flex flex-col gap-1.5 text-dense @md:ps-8">
        <div className="grid grid-cols-[1.15rem_minmax(0,1fr)] gap-x-2">
          <dt>
            <span className="sr-only">{texts.effort}</span>
            <Timer size={14} aria-hidden className="mt-0.5 text-faint" />
          </dt>
          <dd>
            <Suspense fallback={<span className="font-medium">{effort}</span>}>
              <ExplainFigure figure="insight_effort" of={insight.id} repo={insight.repo.slug} label={texts.effort} className="-my-0.5 font-medium">
                {effort}
              </ExplainFigure>
            </Suspense>
            <span className="text-muted"> · <Prose text={insight.effort.reason} /></span>
          </dd>
        </div>
        <div className="grid grid-cols-[1.15rem_minmax(0,1fr)] gap-x-2">
          <dt>
            <span className="sr-only">{texts.check}</span>
            <span className="mt-0.5 block">
              <CheckMark passed={insight.check.last?.passed} />
            </span>
          </dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">
            <Prose text={insight.check.text} />
            <span className="text-muted"> · <Prose text={insight.check.last?.detail ?? texts.notRun} /></span>
          </dd>
        </div>
      </dl>
      {somethingToDo(insight) && (
        <footer className="mt-3 flex min-h-7 flex-wrap items-center gap-y-2 @md:ps-8 [&>*+*]:px-2 [&>:first-child]:me-1">
          <Suspense>
            <InsightActions insight={insight} first={place === 1} card={card} />
          </Suspense>
        </footer>
      )}
    </article>
  );
}
