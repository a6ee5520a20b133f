import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { Download, EllipsisVertical, RotateCw, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { problemOf } from "@/api/client";
import { startAnalysis } from "@/api/mutations/repos";
import { overviewQuery, repoQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { useSession } from "@/api/workspace";
import { visible } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { MilestoneBar } from "@/repo/phase-list";
import { repo as texts, repos } from "@/texts/repo";
import { NotFound } from "@/app/not-found";
import { Button } from "@/ui/button";
import { GradeBadge } from "@/ui/marks";
import { Freshness, PageHeader, PageTitle } from "@/ui/page";
import { Empty, SkeletonRows } from "@/ui/panel";
import { menuItem, Popover } from "@/ui/popover";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";


const RemoveDialog = lazy(() => import("./remove-dialog"));

const TABS = [
  ["overview", "/w/$ws/repos/$repo"],
  ["insights", "/w/$ws/repos/$repo/insights"],
  ["findings", "/w/$ws/repos/$repo/findings"],
  ["dependencies", "/w/$ws/repos/$repo/dependencies"],
  ["architecture", "/w/$ws/repos/$repo/architecture"],
  ["hotspots", "/w/$ws/repos/$repo/hotspots"],
  ["history", "/w/$ws/repos/$repo/history"],
] as const;

/** What all pages of a repository share: its name, grade and freshness, the actions, the tabs. */
export function RepoFrame() {
  const session = useSession();
  const ws = session.workspace.slug;
  const { repo: slug, run } = useParams({ strict: false });
  const navigate = useNavigate();
  const query = useQuery(repoQuery(ws, slug ?? ""));
  const params = { ws, repo: slug ?? "" };
  const tab = (index: number) => {
    const to = TABS[index]?.[1];
    if (to) void navigate({ to, params });
  };
  useKeys(Object.fromEntries(TABS.map((_, index) => [String(index + 1), () => tab(index)])));

  if (query.error) {
    if (problemOf(query.error).status === 404) return <NotFound />;
    return (
      <div className="p-6">
        <Problem error={query.error} what={texts.notFound} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  const repo = query.data?.data;
  return (
    <div className="flex min-h-full flex-col">
      <div className="sticky top-0 z-10 border-b border-line bg-bg">
        <div className="px-4 pt-4 sm:px-6">{repo ? <RepoHeader repo={repo} /> : <SkeletonRows rows={1} height="h-8" />}</div>
        <nav aria-label={texts.tabsLabel} className="scroll-thin mt-2 flex gap-1 overflow-x-auto px-3 sm:px-5">
          {TABS.map(([name, to], index) => (
            <Link
              key={name}
              to={to}
              params={params}
              activeOptions={{ exact: true, includeSearch: false }}
              title={`${texts.tabs[name]} (${index + 1})`}
              className="tap relative flex shrink-0 items-center rounded-control px-2 pb-1 text-dense text-muted hover:text-text"
              activeProps={{
                className:
                  "font-medium !text-text after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent",
              }}
            >
              {texts.tabs[name]}
            </Link>
          ))}
        </nav>
        {repo?.running && <MilestoneBar percent={repo.running.percent} label={texts.running} />}
      </div>
      <div className="flex-1 p-4 sm:p-6">
        {repo && !repo.latest && !run ? <Unanalysed repo={repo} /> : repo && <Outlet />}
      </div>
    </div>
  );
}

function RepoHeader({ repo }: { repo: Repo }) {
  const session = useSession();
  const ws = session.workspace.slug;
  const overview = useQuery({ ...overviewQuery(ws, repo.slug), enabled: repo.latest !== null });
  const [removing, setRemoving] = useState(false);
  const analyse = useAnalyse(repo);
  useKeys({ r: analyse.run });
  const base = `/api/v1/w/${encodeURIComponent(ws)}/repos/${encodeURIComponent(repo.slug)}`;
  const exports = [
    [`${base}/report.json`, texts.exports.json],
    [`${base}/report.sarif`, texts.exports.sarif],
    [`${base}/report.cdx.json`, texts.exports.cdx],
  ] as const;
  return (
    <PageHeader
      actions={
        <>
          {repo.latest && (
            <Popover
              label={texts.export}
              triggerClass="tap inline-flex items-center gap-1.5 rounded-control border border-line bg-raised px-2.5 text-dense font-medium hover:border-control hover:bg-subtle"
              trigger={
                <>
                  <Download size={14} strokeWidth={1.75} aria-hidden />
                  {texts.export}
                </>
              }
              className="w-60 p-1.5"
            >
              {(close) =>
                exports.map(([href, label]) => (
                  <a key={href} href={href} download className={menuItem} onClick={close}>
                    {label}
                  </a>
                ))
              }
            </Popover>
          )}
          {repo.can.analyze && repo.latest && (
            <Button icon={RotateCw} busy={analyse.busy} onClick={analyse.run}>
              {repo.running ? texts.running : texts.analyse}
            </Button>
          )}
          {repo.can.remove && (
            <Popover
              label={texts.remove}
              triggerLabel={texts.remove}
              triggerClass="tap inline-flex w-7 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-text"
              trigger={<EllipsisVertical size={16} aria-hidden />}
              className="w-52 p-1.5"
            >
              {(close) => (
                <button
                  type="button"
                  className={menuItem}
                  onClick={() => {
                    close();
                    setRemoving(true);
                  }}
                >
                  <Trash2 size={14} aria-hidden />
                  {texts.remove}
                </button>
              )}
            </Popover>
          )}
        </>
      }
    >
      {repo.latest && <GradeBadge grade={repo.latest.grade} />}
      <PageTitle name={visible(repo.name)} scope={session.workspace.name} />
      {overview.data && <Freshness meta={overview.data.meta} />}
      <Suspense>{removing && <RemoveDialog repo={repo} onClose={() => setRemoving(false)} />}</Suspense>
    </PageHeader>
  );
}

/** Starts an analysis, or shows the one that is running. */
function useAnalyse(repo: Repo): { run: () => void; busy: boolean } {
  const { slug } = useSession().workspace;
  const navigate = useNavigate();
  const start = useMutation({ ...startAnalysis(slug), onError: (error) => toast(problemOf(error).detail) });
  const run = () => {
    if (!repo.can.analyze || start.isPending) return;
    if (repo.running) {
      void navigate({ to: "/w/$ws/repos/$repo/runs/$run", params: { ws: slug, repo: repo.slug, run: repo.running.id } });
    } else start.mutate({ repo: repo.slug, fresh: true });
  };
  return { run, busy: start.isPending };
}

/** A repository without a report: one panel that says what will be read. */
function Unanalysed({ repo }: { repo: Repo }) {
  const analyse = useAnalyse(repo);
  const waiting = repo.running;
  return (
    <Empty
      action={
        repo.can.analyze && (
          <Button look="primary" icon={RotateCw} busy={analyse.busy} onClick={analyse.run}>
            {waiting ? texts.seeRun : texts.analyse}
          </Button>
        )
      }
    >
      {waiting ? repos.running(waiting.percent) : repo.last_failure ? `${texts.failedFirst} ${visible(repo.last_failure.failure?.detail ?? "")}` : texts.never}
    </Empty>
  );
}
