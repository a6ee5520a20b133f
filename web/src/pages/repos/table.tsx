import { Link } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import { Suspense, type ReactNode } from "react";

import type { FindingCounts, Repo } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatCount, sumOf } from "@/lib/count";
import { cx } from "@/lib/cx";
import { formatAge, formatMoment, formatShare } from "@/lib/format";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { changedLook, useChanged } from "@/live/changed";
import { useSteady } from "@/live/steady";
import { repos as texts } from "@/texts/repos";
import { GradeBadge } from "@/ui/grade-badge";
import { Location } from "@/ui/location";
import { SeverityTally } from "@/ui/severity";
import { Cell, rowLink, rowLook, rowRest, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";
import { Updates } from "@/ui/updates";

const ExplainFigure = part(() => import("@/repo/explain"));

const idOf = (repo: Repo) => repo.id;

/** The repositories with the newest figures of each. */
export default function RepoTable({ items, ws }: { items: readonly Repo[]; ws: string }) {
  const steady = useSteady(items, idOf, ws);
  return (
    <Updates steady={steady}>
      <Table
        label={texts.title}
        columns={[
          { title: texts.columns.grade },
          { title: texts.columns.name },
          { title: texts.columns.languages, className: "max-lg:hidden" },
          { title: texts.columns.findings, wide: true },
          { title: texts.columns.dependencies, numeric: true, wide: true },
          { title: texts.columns.insights, numeric: true, className: "max-lg:hidden" },
          { title: texts.columns.analysed, numeric: true, wide: true },
        ]}
      >
        {steady.shown.map((repo) => (
          <RepoRow key={repo.id} ws={ws} repo={repo} />
        ))}
      </Table>
    </Updates>
  );
}

/** What is shipped, and how much more there is in tests and examples. */
function Tally({ counts: { shipped, tests }, slug }: { counts: FindingCounts; slug: string }) {
  const rest = sumOf(tests);
  return (
    <>
      <Behind figure="findings" slug={slug} label={texts.columns.findings} className="border-b border-dotted border-control">
        <SeverityTally counts={shipped} />
      </Behind>
      {rest > 0 && <span className="block whitespace-nowrap text-meta text-faint">{texts.inTests(rest)}</span>}
    </>
  );
}

/** A figure that opens what is behind it; above the link that covers the row. */
function Behind({ figure, slug, label, className, children }: { figure: string; slug: string; label: string; className?: string; children: ReactNode }) {
  return (
    <Suspense fallback={children}>
      <ExplainFigure figure={figure} repo={slug} label={label} className={cx("relative z-1", className)}>
        {children}
      </ExplainFigure>
    </Suspense>
  );
}

function RepoRow({ ws, repo }: { ws: string; repo: Repo }) {
  const now = useNow();
  const { latest, running } = repo;
  const vulnerable = latest && (latest.vulnerable === null ? texts.notChecked : texts.ofDependencies(latest.vulnerable, latest.dependencies));
  // What goes on or went wrong, instead of an age.
  const state = running ? (
    <Tag tone="accent" icon={LoaderCircle}>
      {running.state === "queued" ? texts.queued(running.ahead) : texts.running(running.percent)}
    </Tag>
  ) : repo.last_failure ? (
    <Tag tone="critical">{texts.failed}</Tag>
  ) : undefined;
  return (
    <tr className={cx(rowLook, useChanged(repo.id) && changedLook)}>
      <Cell className="w-14">
        {latest ? (
          <Behind figure="grade" slug={repo.slug} label={texts.columns.grade}>
            <GradeBadge grade={latest.grade} />
          </Behind>
        ) : (
          <GradeBadge grade={null} />
        )}
      </Cell>
      <Cell>
        <Link data-row to="/w/$ws/repos/$repo" params={{ ws, repo: repo.slug }} className={rowLink}>
          {visible(repo.name)}
        </Link>
        <Location text={repo.source.location} className="max-w-[min(36ch,60vw)]" />
        {repo.findings && (
          <span className="mt-1 block @3xl:hidden">
            <Tally counts={repo.findings} slug={repo.slug} />
          </span>
        )}
        {latest && (
          <span className={rowRest}>
            <span>{texts.columns.dependencies}: {vulnerable}</span>
            <span>{texts.columns.insights}: {formatCount(repo.open_insights)}</span>
            {state ?? <span title={formatMoment(latest.finished_at)}>{texts.columns.analysed} {formatAge(latest.finished_at, now)}</span>}
          </span>
        )}
        {!latest && <span className={rowRest}>{state ?? texts.never}</span>}
      </Cell>
      <Cell className="text-muted max-lg:hidden">
        {latest?.languages.map((each) => formatShare(each, latest.languages.length === 1)).join(", ")}
      </Cell>
      <Cell wide>
        {repo.findings ? <Tally counts={repo.findings} slug={repo.slug} /> : <span className="text-faint">–</span>}
      </Cell>
      <Cell numeric wide className="text-muted">
        {latest && (
          <Behind figure="vulnerable" slug={repo.slug} label={texts.columns.dependencies}>
            {vulnerable}
          </Behind>
        )}
      </Cell>
      <Cell numeric className="max-lg:hidden">
        {latest && (
          <Behind figure="insights" slug={repo.slug} label={texts.columns.insights}>
            {formatCount(repo.open_insights)}
          </Behind>
        )}
      </Cell>
      <Cell numeric wide className="text-muted">
        {state ?? (latest ? <span title={formatMoment(latest.finished_at)}>{formatAge(latest.finished_at, now)}</span> : texts.never)}
      </Cell>
    </tr>
  );
}
