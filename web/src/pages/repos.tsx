import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LoaderCircle, Plus } from "lucide-react";
import { lazy, Suspense } from "react";

import { reposQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { useSession } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { formatAge, formatCount, formatMoment, formatShare, visible } from "@/lib/format";
import { repos as texts } from "@/texts/repos";
import { buttonLook } from "@/ui/button";
import { GradeBadge, SeverityTally, Tag } from "@/ui/marks";
import { Location } from "@/ui/location";
import { PageHeader, PageTitle } from "@/ui/page";
import { Empty, Loaded, SkeletonRows } from "@/ui/panel";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";

const MirrorAge = lazy(() => import("@/repo/mirror-age"));

/** Every repository of the workspace in one table. */
export function ReposPage() {
  const session = useSession();
  const ws = session.workspace.slug;
  const query = useQuery(reposQuery(ws));
  const may = session.can.connect_repo;
  const add = may && (
    <Link to="/start/source" className={buttonLook("primary")}>
      <Plus size={14} aria-hidden />
      {texts.add}
    </Link>
  );
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <PageHeader actions={add}>
        <PageTitle name={texts.title} scope={session.workspace.name} />
        {query.data && <span className="text-dense text-faint">{formatCount(query.data.total)}</span>}
      </PageHeader>
      <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={8} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty action={add}>{may ? texts.empty : texts.emptyViewer}</Empty>
          ) : (
          <>
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
            <Suspense>
              <MirrorAge ws={ws} />
            </Suspense>
            </>
          )
        }
      </Loaded>
    </div>
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
        {latest && (
          <span className="mt-1 block sm:hidden">
            <SeverityTally counts={latest.findings} />
          </span>
        )}
      </Cell>
      <Cell className="text-muted max-lg:hidden">
        {latest?.languages.map((each) => formatShare(each, latest.languages.length === 1)).join(", ")}
      </Cell>
      <Cell wide>
        {latest ? <SeverityTally counts={latest.findings} /> : <span className="text-faint">–</span>}
      </Cell>
      <Cell numeric wide className="text-muted">
        {latest && (latest.vulnerable === null ? texts.notChecked : texts.ofDependencies(latest.vulnerable, latest.dependencies))}
      </Cell>
      <Cell numeric className="max-lg:hidden">
        {latest?.insights}
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
