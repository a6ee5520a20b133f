import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, ArrowLeftRight } from "lucide-react";

import { repoQuery } from "@/api/queries";
import type { Compare, Comparison, Summary } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { formatAge, shortCommit } from "@/lib/format";
import { visible } from "@/lib/visible";
import { compare as texts } from "@/texts/compare";
import { Button, buttonLook } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { GradeBadge } from "@/ui/grade-badge";
import { Empty } from "@/ui/loaded";
import { Prose } from "@/ui/prose";

import { ChangedDependencies } from "./dependencies";
import { FindingChanges } from "./findings";
import { ChangedParts } from "./parts";

/** What changed between two analyses, and the choice of others. */
export default function Compared({ found: { choices, comparison }, slug }: { found: Compare; slug: string }) {
  const ws = useWorkspace();
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/compare" });
  const newest = useQuery(repoQuery(ws, slug)).data?.data.latest?.analysis;
  // Without a comparison, what is looked at is the oldest one: nothing is before it.
  const head = comparison?.head ?? choices.at(-1);
  const base = comparison?.base;
  if (!head || (!comparison && choices.length < 2)) return <Empty>{texts.one}</Empty>;
  const choose = (chosen: { base?: string; head: string }) =>
    void navigate({ search: (old) => ({ ...old, ...chosen }), replace: true });
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-end gap-3">
        <Link to="/w/$ws/repos/$repo/history" params={{ ws, repo: slug }} className={buttonLook("ghost", "-ms-2.5")}>
          <ArrowLeft size={14} aria-hidden />
          {texts.back}
        </Link>
        <Side label={texts.base} choices={choices} chosen={base} onChange={(id) => choose({ base: id, head: head.analysis })} />
        {base && (
          <Button icon={ArrowLeftRight} onClick={() => choose({ base: head.analysis, head: base.analysis })}>
            {texts.swap}
          </Button>
        )}
        <Side label={texts.head} choices={choices} chosen={head} onChange={(id) => choose({ ...(base && { base: base.analysis }), head: id })} />
        {!base && (
          <Link to="/w/$ws/repos/$repo/compare" params={{ ws, repo: slug }} className={buttonLook()}>
            {texts.newest}
          </Link>
        )}
      </div>
      {!comparison && <Empty>{texts.oldest}</Empty>}
      {comparison && base && (
        <>
          <Summary comparison={comparison} />
          <ChangedParts parts={comparison.parts} />
          {/* Places are those of the newest analysis: only its lines can be shown. */}
          <FindingChanges comparison={comparison} repo={slug} linked={{ before: base.analysis === newest, after: head.analysis === newest }} />
          <ChangedDependencies comparison={comparison} />
        </>
      )}
    </div>
  );
}

interface SideProps {
  label: string;
  choices: readonly Summary[];
  chosen: Summary | undefined;
  onChange: (analysis: string) => void;
}

function Side({ label, choices, chosen, onChange }: SideProps) {
  const now = useNow();
  const name = (run: Summary) =>
    [formatAge(run.finished_at, now), shortCommit(run.commit), run.branch && visible(run.branch), run.grade && `${run.grade} ${run.score ?? ""}`]
      .filter(Boolean)
      .join(" · ");
  return (
    <label className="flex w-full min-w-0 flex-col gap-1 text-dense sm:w-auto sm:max-w-96">
      <span className="text-meta text-faint">{label}</span>
      <select className={fieldLook} value={chosen?.analysis ?? ""} onChange={(event) => onChange(event.target.value)}>
        {!chosen && (
          <option value="" disabled>
            {texts.choose}
          </option>
        )}
        {choices.map((run) => (
          <option key={run.analysis} value={run.analysis}>
            {name(run)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The grade before and after, and what limits the comparison. */
function Summary({ comparison: { base, head, notes } }: { comparison: Comparison }) {
  const change = base.score === null || head.score === null ? null : head.score - base.score;
  const limits = [
    ...(base.analysis === head.analysis ? [texts.same] : []),
    ...notes.map((note) => note.text),
  ];
  return (
    <div className="flex flex-col gap-3">
      <p className="flex flex-wrap items-center gap-3 text-body">
        <GradeBadge grade={base.grade} size="medium" />
        <span>{base.score ?? texts.unmeasured}</span>
        <span aria-hidden className="text-faint">
          →
        </span>
        <GradeBadge grade={head.grade} size="medium" />
        <span>{head.score ?? texts.unmeasured}</span>
        {change !== null && <span className={change < 0 ? "text-critical" : change > 0 ? "text-ok" : "text-faint"}>{texts.points(change)}</span>}
      </p>
      {limits.length > 0 && (
        <ul className="list-disc rounded-card bg-medium-bg py-2 ps-8 pe-4 text-dense text-medium">
          {limits.map((limit) => (
            <li key={limit}>
              <Prose text={limit} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
