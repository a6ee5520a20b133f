import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate, useParams } from "@tanstack/react-router";
import { Suspense, useEffect, useRef } from "react";

import { problemOf } from "@/api/client";
import { repoQuery } from "@/api/queries";
import { useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { useKeys } from "@/lib/keys";
import { early, part } from "@/lib/part";
import { tabsIn } from "@/repo/tabs";
import { repo as texts } from "@/texts/repo";
import { PageTitle } from "@/ui/page";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const NotFound = part(() => import("@/app/not-found").then((module) => ({ default: module.NotFound })));
const Removed = part(() => import("./frame/removed"));
// Comes together with what it shows.
const RepoHeader = early(() => import("./frame/header"));
const MilestoneBar = part(() => import("@/repo/milestone-bar").then((module) => ({ default: module.MilestoneBar })));
/** Pages that are reached from another one, whose tab stays the open one. */
const AROUND: Record<string, RegExp> = { history: /\/repos\/[^/]+\/(compare|runs)(\/|$)/, code: /\/repos\/[^/]+\/search$/ };
const OPEN_TAB = "font-medium !text-text after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent";
const Unanalysed = part(() => import("@/repo/unanalysed"));

/** What all pages of a repository share: its name, grade and freshness, the actions, the tabs. */
export function RepoFrame() {
  const session = useSession();
  const ws = session.workspace.slug;
  const { repo: slug, run } = useParams({ strict: false });
  const navigate = useNavigate();
  const query = useQuery(repoQuery(ws, slug ?? ""));
  // The code page begins at the root.
  const params = { ws, repo: slug ?? "", _splat: "" };
  const tabs = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  const loaded = query.data !== undefined;
  const head = useRef<HTMLDivElement>(null);
  // The titles of tables stay below it.
  useEffect(() => {
    const header = head.current;
    const page = document.getElementById("page");
    if (!header || !page) return;
    const observer = new ResizeObserver(() => page.style.setProperty("--head", `${header.offsetHeight}px`));
    observer.observe(header);
    return () => {
      observer.disconnect();
      page.style.removeProperty("--head");
    };
  }, [loaded]);
  // On a narrow screen the strip scrolls: the tab that is open is in sight.
  useEffect(() => {
    const strip = tabs.current;
    const open = strip?.querySelector<HTMLElement>("[aria-current]");
    if (strip && open) strip.scrollLeft = open.offsetLeft - (strip.clientWidth - open.offsetWidth) / 2;
  }, [path, loaded]);
  const shown = tabsIn(ws);
  const tab = (index: number) => {
    const to = shown[index]?.[1];
    if (to) void navigate({ to, params });
  };
  useKeys(Object.fromEntries(shown.map((_, index) => [String((index + 1) % 10), () => tab(index)])));

  // What was read before is shown while nobody answers.
  if (query.error && (!query.data || problemOf(query.error).status === 404)) {
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
        <Loaded query={query} what={texts.notFound} skeleton={null}>
          {() => null}
        </Loaded>
      </div>
    );
  }
  const repo = query.data?.data;
  // As high as the header: name, and origin below it.
  const waiting = <SkeletonRows rows={1} height="h-12" />;
  return (
    <div className="flex min-h-full flex-col">
      <div ref={head} className="sticky top-0 z-20 border-b border-line bg-bg">
        <div className="px-4 pt-4 sm:px-6">
          <Suspense fallback={waiting}>{repo ? <RepoHeader repo={repo} /> : waiting}</Suspense>
        </div>
        <nav ref={tabs} aria-label={texts.tabsLabel} className="scroll-thin relative mt-2 flex gap-1 overflow-x-auto px-3 sm:px-5">
          {shown.map(([name, to], index) => (
            <Link
              key={name}
              to={to}
              params={params}
              activeOptions={{ exact: name !== "code", includeSearch: false }}
              title={`${texts.tabs[name]} (${(index + 1) % 10})`}
              className={cx(
                "tap relative flex shrink-0 items-center rounded-control px-2 pb-1 text-dense text-muted hover:text-text",
                AROUND[name]?.test(path) && OPEN_TAB,
              )}
              {...(AROUND[name]?.test(path) ? { "aria-current": true } : {})}
              activeProps={{ className: OPEN_TAB }}
            >
              {texts.tabs[name]}
            </Link>
          ))}
        </nav>
        <Suspense>{repo?.running && <MilestoneBar percent={repo.running.percent} label={texts.running} />}</Suspense>
      </div>
      <div className="flex-1 p-4 sm:p-6">
        <Suspense>{repo && !repo.latest && !run && !path.endsWith("/settings") ? <Unanalysed repo={repo} /> : repo && <Outlet />}</Suspense>
      </div>
    </div>
  );
}
