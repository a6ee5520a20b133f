import { Link } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";

import type { FindingCounts, Repo } from "@/api/types";
import { useNow } from "@/lib/clock";
import { sumOf } from "@/lib/count";
import { formatAge, formatMoment, formatShare } from "@/lib/format";
import { visible } from "@/lib/visible";
import { repos as texts } from "@/texts/repos";
import { GradeBadge } from "@/ui/grade-badge";
import { Location } from "@/ui/location";
import { SeverityTally } from "@/ui/severity";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";

/** The repositories with the newest figures of each. */
export default function RepoTable({ items, ws }: { items: readonly Repo[]; ws: string }) {
  return (
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
      {items.map((repo) => (
        <RepoRow key={repo.id} ws={ws} repo={repo} />
      ))}
    </Table>
  );
}

/** What is shipped, and how much more there is in tests and examples. */
function Tally({ counts: { shipped, tests } }: { counts: FindingCounts }) {
  const rest = sumOf(tests);
  return (
    <>
      <SeverityTally counts={shipped} />
      {rest > 0 && <span className="block whitespace-nowrap text-meta text-faint">{texts.inTests(rest)}</span>}
    </>
  );
}

function RepoRow({ ws, repo }: { ws: string; repo: Repo }) {
  const now = useNow();
  const { latest, running } = repo;
  return (
    <tr className={rowLook}>
      <Cell className="w-14">
        <GradeBadge grade={latest?.grade ?? null} />
      </Cell>
      <Cell>
        <Link data-row to="/w/$ws/repos/$repo" params={{ ws, repo: repo.slug }} className={rowLink}>
          {visible(repo.name)}
        </Link>
        <Location text={repo.source.location} className="max-w-[min(36ch,60vw)]" />
        {repo.findings && (
          <span className="mt-1 block sm:hidden">
            <Tally counts={repo.findings} />
          </span>
        )}
      </Cell>
      <Cell className="text-muted max-lg:hidden">
        {latest?.languages.map((each) => formatShare(each, latest.languages.length === 1)).join(", ")}
      </Cell>
      <Cell wide>
        {repo.findings ? <Tally counts={repo.findings} /> : <span className="text-faint">–</span>}
      </Cell>
      <Cell numeric wide className="text-muted">
        {latest && (latest.vulnerable === null ? texts.notChecked : texts.ofDependencies(latest.vulnerable, latest.dependencies))}
      </Cell>
      <Cell numeric className="max-lg:hidden">
        {latest && repo.open_insights}
      </Cell>
      <Cell numeric wide className="text-muted">
        {running ? (
          <Tag tone="accent" icon={LoaderCircle}>
            {running.state === "queued" ? texts.queued : texts.running(running.percent)}
          </Tag>
        ) : repo.last_failure ? (
          <Tag tone="critical">{texts.failed}</Tag>
        ) : latest ? (
          <span title={formatMoment(latest.finished_at)}>{formatAge(latest.finished_at, now)}</span>
        ) : (
          texts.never
        )}
      </Cell>
    </tr>
  );
}
