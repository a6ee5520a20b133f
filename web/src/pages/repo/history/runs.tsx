import { Link } from "@tanstack/react-router";

import type { Analysis, Summary } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { formatAge, formatDuration, formatMoment, shortCommit } from "@/lib/format";
import { broken } from "@/repo/trend";
import { repos } from "@/texts/repos";
import { history as texts } from "@/texts/history";
import { GradeBadge } from "@/ui/grade-badge";
import { SeverityTally } from "@/ui/severity";
import { Tag } from "@/ui/tag";
import { Cell, rowLink, rowLook, rowRest, Table } from "@/ui/table";

/** The runs in a table, each with what became of the score. */
export default function Runs({ items, slug }: { items: readonly Analysis[]; slug: string }) {
  const ws = useWorkspace();
  const { columns } = texts;
  return (
    <Table
      label={texts.title}
      columns={[
        { title: columns.when },
        { title: columns.state },
        { title: columns.commit, wide: true },
        { title: columns.grade },
        { title: columns.score, numeric: true },
        { title: columns.findings, wide: true },
        { title: columns.vulnerable, numeric: true, wide: true },
        { title: columns.took, numeric: true, wide: true },
      ]}
    >
      {items.map((analysis, index) => (
        <RunRow key={analysis.id} ws={ws} slug={slug} analysis={analysis} before={items.slice(index + 1).find((each) => each.summary)?.summary ?? null} />
      ))}
    </Table>
  );
}

interface RowProps {
  ws: string;
  slug: string;
  analysis: Analysis;
  /** What came out of the run before it. */
  before: Summary | null;
}

function RunRow({ ws, slug, analysis, before }: RowProps) {
  const now = useNow();
  const { columns } = texts;
  const { summary, state } = analysis;
  const { started_at: started, finished_at: finished } = analysis;
  const took = started && finished ? formatDuration(Date.parse(finished) - Date.parse(started)) : undefined;
  const tone = state === "failed" ? "critical" : state === "done" ? "ok" : "neutral";
  return (
    <tr className={rowLook}>
      <Cell>
        <Link
          data-row
          to="/w/$ws/repos/$repo/runs/$run"
          params={{ ws, repo: slug, run: analysis.id }}
          className={rowLink}
          title={formatMoment(analysis.created_at)}
        >
          {formatAge(analysis.created_at, now)}
        </Link>
        {summary && (
          <span className="mt-0.5 block @3xl:hidden">
            <SeverityTally counts={summary.findings} />
          </span>
        )}
        {(took || summary) && (
          <span className={rowRest}>
            {summary && <code>{shortCommit(summary.commit)}</code>}
            {took && (
              <span>
                {columns.took} {took}
              </span>
            )}
            {summary && (
              <span>
                {columns.vulnerable}: {summary.vulnerable === null ? repos.notChecked : repos.ofDependencies(summary.vulnerable, summary.dependencies)}
              </span>
            )}
          </span>
        )}
      </Cell>
      <Cell>
        <Tag tone={tone}>{texts.states[state]}</Tag>
      </Cell>
      <Cell wide>{analysis.commit && <code className="text-meta">{shortCommit(analysis.commit)}</code>}</Cell>
      <Cell>{summary && <GradeBadge grade={summary.grade} />}</Cell>
      <Cell numeric>{summary && <Score now={summary} before={before} />}</Cell>
      <Cell wide>{summary && <SeverityTally counts={summary.findings} />}</Cell>
      <Cell numeric wide className="text-muted">
        {summary && (summary.vulnerable === null ? repos.notChecked : repos.ofDependencies(summary.vulnerable, summary.dependencies))}
      </Cell>
      <Cell numeric wide className="text-muted">
        {took ?? "–"}
      </Cell>
    </tr>
  );
}

/** The score, and what became of that of the run before, where the two can be compared. */
function Score({ now, before }: { now: Summary; before: Summary | null }) {
  if (now.score === null) return "–";
  const breaks = before && broken(before, now);
  return (
    <>
      {now.score}
      <span className="block text-meta text-faint">
        {before?.score != null && (breaks ? texts.breaks[breaks] : texts.change(now.score - before.score))}
      </span>
    </>
  );
}
