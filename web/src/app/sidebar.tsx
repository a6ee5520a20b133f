import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import {
  Braces,
  CircleQuestionMark,
  GitBranch,
  PanelLeftClose,
  PanelLeftOpen,
  Plus,
  Search,
  SquareCheck,
  type LucideIcon,
} from "lucide-react";
import { Suspense } from "react";

import { reposQuery } from "@/api/queries";
import { useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { ambiguous } from "@/repo/place";
import { palette } from "@/texts/palette";
import { sidebar } from "@/texts/sidebar";
import { IconButton } from "@/ui/button";
import { Kbd } from "@/ui/kbd";
import { Location } from "@/ui/location";
import { GradeBadge } from "@/ui/grade-badge";

import { ConnectionDot } from "./connection-dot";

const AccountMenu = part(() => import("./account-menu"));

const item =
  "tap flex items-center gap-2.5 rounded-control px-2 text-dense text-muted transition-colors hover:bg-sunken hover:text-text";
const active = "bg-sunken font-medium text-text";

/** The key that goes with others for commands. */
const MOD = /mac|iphone|ipad/i.test(navigator.platform) ? "⌘" : "Ctrl";

/** How many repositories the sidebar lists; the page has them all. */
const LISTED = 12;

function Entry({ to, icon: Icon, label, folded }: { to: string; icon: LucideIcon; label: string; folded: boolean }) {
  return (
    <Link
      to={to}
      className={cx(item, folded && "justify-center")}
      activeProps={{ className: active }}
      activeOptions={{ exact: true, includeSearch: false }}
      title={folded ? label : undefined}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden className="shrink-0" />
      <span className={folded ? "sr-only" : "truncate"}>{label}</span>
    </Link>
  );
}

interface SidebarProps {
  folded: boolean;
  onFold: () => void;
  onHelp: () => void;
  onSearch: () => void;
}

/** The places of the app, the repositories below them, and the state of the connection at the foot. */
export function Sidebar({ folded, onFold, onHelp, onSearch }: SidebarProps) {
  const session = useSession();
  const ws = session.workspace.slug;
  const items = useQuery(reposQuery(ws)).data?.items ?? [];
  const twins = ambiguous(items);
  return (
    <nav
      aria-label={sidebar.navigation}
      className={cx("hidden shrink-0 flex-col gap-px p-2 sm:flex", folded ? "w-14" : "w-14 lg:w-58")}
    >
      <div className="mb-2 flex h-8 items-center gap-2 px-1">
        <img src="/mark.svg" alt="" width={20} height={20} className={cx("rounded-control", !folded && "ms-1")} />
        {!folded && (
          <>
            <span className="hidden min-w-0 flex-1 truncate text-dense font-semibold lg:inline">
              {session.workspace.name}
            </span>
            <span className="hidden lg:contents">
              <IconButton icon={PanelLeftClose} label={sidebar.fold} onClick={onFold} />
            </span>
          </>
        )}
      </div>
      <button
        type="button"
        className={cx(
          "tap mb-1 flex items-center gap-2.5 rounded-control border border-line bg-bg px-2 text-dense text-faint hover:border-control hover:text-text",
          folded ? "justify-center" : "max-lg:justify-center",
        )}
        title={folded ? palette.title : undefined}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={onSearch}
      >
        <Search size={16} strokeWidth={1.75} aria-hidden className="shrink-0" />
        <span className={folded ? "sr-only" : "truncate max-lg:sr-only"}>{palette.hint}</span>
        {!folded && (
          <span aria-hidden className="ms-auto hidden lg:block">
            <Kbd>{MOD} K</Kbd>
          </span>
        )}
      </button>
      <div className={folded ? "contents" : "contents max-lg:[&_span]:sr-only"}>
        <Entry to={`/w/${ws}/repos`} icon={GitBranch} label={sidebar.repositories} folded={folded} />
        <Entry to={`/w/${ws}/tasks`} icon={SquareCheck} label={sidebar.tasks} folded={folded} />
        <Entry to="/developers/api" icon={Braces} label={sidebar.api} folded={folded} />
      </div>
      {!folded && (
        <div className="mt-4 hidden min-h-0 flex-1 flex-col lg:flex">
          <div className="flex items-center justify-between ps-2">
            <h2 className="text-meta font-medium text-faint">{sidebar.repositories}</h2>
            {session.can.connect_repo && (
              <Link
                to="/start/source"
                aria-label={sidebar.addRepository}
                title={sidebar.addRepository}
                className="inline-flex size-7 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-text"
              >
                <Plus size={14} aria-hidden />
              </Link>
            )}
          </div>
          <ul className="scroll-thin -me-1 flex min-h-0 flex-col gap-px overflow-y-auto pe-1">
            {items.slice(0, LISTED).map((repo) => (
              <li key={repo.id}>
                <Link
                  to="/w/$ws/repos/$repo"
                  params={{ ws, repo: repo.slug }}
                  className={item}
                  activeProps={{ className: active }}
                  activeOptions={{ includeSearch: false }}
                >
                  <span className="min-w-0 flex-1 py-1">
                    <span className="block truncate">{visible(repo.name)}</span>
                    {twins.has(repo.id) && <Location text={repo.source.location} />}
                  </span>
                  {repo.latest && <GradeBadge grade={repo.latest.grade} />}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className={cx("mt-auto flex flex-col gap-px", !folded && "max-lg:[&_span]:sr-only")}>
        {folded && (
          <span className="hidden justify-center lg:flex">
            <IconButton icon={PanelLeftOpen} label={sidebar.unfold} onClick={onFold} />
          </span>
        )}
        <ConnectionDot folded={folded} />
        <button type="button" className={cx(item, folded && "justify-center")} onClick={onHelp}>
          <CircleQuestionMark size={16} strokeWidth={1.75} aria-hidden />
          <span className={folded ? "sr-only" : ""}>{sidebar.help}</span>
        </button>
        <Suspense fallback={<div className="tap" />}>
          <AccountMenu folded={folded} />
        </Suspense>
      </div>
    </nav>
  );
}

/** The places of the app at the foot of a phone's screen. */
export function TabBar({ onSearch }: { onSearch: () => void }) {
  const ws = useSession().workspace.slug;
  const path = useLocation({ select: (location) => location.pathname });
  const tabs: [string, LucideIcon, string][] = [
    [`/w/${ws}/repos`, GitBranch, sidebar.repositories],
    [`/w/${ws}/tasks`, SquareCheck, sidebar.tasks],
    ["/start/source", Plus, sidebar.add],
  ];
  return (
    <nav aria-label={sidebar.navigation} className="flex shrink-0 border-t border-line bg-subtle sm:hidden">
      {tabs.map(([to, Icon, label]) => (
        <Link
          key={to}
          to={to}
          aria-current={path.startsWith(to) ? "page" : undefined}
          className={cx(
            "flex min-h-12 flex-1 flex-col items-center justify-center gap-0.5 text-meta",
            path.startsWith(to) ? "font-medium text-accent" : "text-muted",
          )}
        >
          <Icon size={20} strokeWidth={1.75} aria-hidden />
          {label}
        </Link>
      ))}
      <button
        type="button"
        className="flex min-h-12 flex-1 flex-col items-center justify-center gap-0.5 text-meta text-muted"
        onClick={onSearch}
      >
        <Search size={20} strokeWidth={1.75} aria-hidden />
        {sidebar.search}
      </button>
      <div className="flex items-center px-2">
        <Suspense>
          <AccountMenu folded />
        </Suspense>
      </div>
    </nav>
  );
}
