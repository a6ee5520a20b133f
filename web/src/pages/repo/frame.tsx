import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef } from "react";

import { problemOf } from "@/api/client";
import { overviewQuery, repoQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { useSession } from "@/api/workspace";
import { visible } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { MilestoneBar } from "@/repo/milestone-bar";
import { repo as texts } from "@/texts/repo";
import { Location } from "@/ui/location";
import { GradeBadge } from "@/ui/marks";
import { Freshness, PageHeader, PageTitle } from "@/ui/page";
import { SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

const NotFound = lazy(() => import("@/app/not-found").then((module) => ({ default: module.NotFound })));
const Removed = lazy(() => import("./removed"));
const RepoActions = lazy(() => import("./actions"));
const Unanalysed = lazy(() => import("@/repo/unanalysed"));

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
  const tabs = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  const loaded = query.data !== undefined;
  // On a narrow screen the strip scrolls: the tab that is open is in sight.
  useEffect(() => {
    const strip = tabs.current;
    const open = strip?.querySelector<HTMLElement>("[aria-current=page]");
    if (strip && open) strip.scrollLeft = open.offsetLeft - (strip.clientWidth - open.offsetWidth) / 2;
  }, [path, loaded]);
  const tab = (index: number) => {
    const to = TABS[index]?.[1];
    if (to) void navigate({ to, params });
  };
  useKeys(Object.fromEntries(TABS.map((_, index) => [String(index + 1), () => tab(index)])));

  if (query.error) {
    if (problemOf(query.error).status === 404) {
      return (
        <Suspense>
          {query.data ? <Removed repo={query.data.data} /> : <NotFound />}
        </Suspense>
      );
    }
    return (
      <div className="p-4 sm:p-6">
        <PageTitle hidden name={texts.notFound} scope={session.workspace.name} />
        <Problem error={query.error} what={texts.notFound} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  const repo = query.data?.data;
  return (
    <div className="flex min-h-full flex-col">
      <div className="sticky top-0 z-10 border-b border-line bg-bg">
        <div className="px-4 pt-4 sm:px-6">{repo ? <RepoHeader repo={repo} /> : <SkeletonRows rows={1} height="h-8" />}</div>
        <nav ref={tabs} aria-label={texts.tabsLabel} className="scroll-thin relative mt-2 flex gap-1 overflow-x-auto px-3 sm:px-5">
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
        <Suspense>{repo && !repo.latest && !run ? <Unanalysed repo={repo} /> : repo && <Outlet />}</Suspense>
      </div>
    </div>
  );
}

function RepoHeader({ repo }: { repo: Repo }) {
  const session = useSession();
  const overview = useQuery({ ...overviewQuery(session.workspace.slug, repo.slug), enabled: repo.latest !== null });
  return (
    <PageHeader
      actions={
        <Suspense>
          <RepoActions repo={repo} />
        </Suspense>
      }
    >
      <div className="flex min-w-60 flex-1 basis-60 items-center gap-3">
        {repo.latest && <GradeBadge grade={repo.latest.grade} size="medium" />}
        <div className="min-w-0">
          <PageTitle name={visible(repo.name)} scope={session.workspace.name} />
          <div className="flex min-w-0 flex-wrap items-baseline gap-x-3">
            <Location text={repo.source.location} className="max-w-[48ch]" />
            {overview.data && <Freshness meta={overview.data.meta} />}
          </div>
        </div>
      </div>
    </PageHeader>
  );
}
