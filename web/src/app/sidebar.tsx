import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import {
  Bookmark,
  Braces,
  GitBranch,
  MessageSquare,
  PanelLeftClose,
  PanelLeftOpen,
  Pin as PinIcon,
  Plus,
  Search,
  SquareCheck,
  type LucideIcon,
} from "lucide-react";
import { Suspense } from "react";

import { reposQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { SAMPLE, useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { part } from "@/lib/part";
import { pinnedFirst, togglePin, usePinned } from "@/lib/pinned";
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
const HelpMenu = part(() => import("./help-menu"));

const item =
  "tap flex items-center gap-2.5 rounded-control px-2 text-dense text-muted transition-colors hover:bg-sunken hover:text-text";
const active = "bg-sunken font-medium text-text";

/** The key that goes with others for commands. */
const MOD = /mac|iphone|ipad/i.test(navigator.platform) ? "⌘" : "Ctrl";

/** How many repositories the sidebar lists; the page has them all. */
const LISTED = 12;

/** How many it shows where it has no room for names. */
const SHORT = 6;

interface EntryProps {
  to: string;
  icon: LucideIcon;
  label: string;
  folded: boolean;
  /** It stands for the pages below it as well. */
  below?: boolean;
}

function Entry({ to, icon: Icon, label, folded, below = false }: EntryProps) {
  return (
    <Link
      to={to}
      className={cx(item, folded && "justify-center")}
      activeProps={{ className: active }}
      activeOptions={{ exact: !below, includeSearch: false }}
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
  onTour: () => void;
  onSearch: () => void;
}

/** The places of the app, the repositories below them, and the state of the connection at the foot. */
export function Sidebar({ folded, onFold, onHelp, onTour, onSearch }: SidebarProps) {
  const session = useSession();
  const ws = session.workspace.slug;
  const pins = usePinned();
  const items = pinnedFirst(useQuery(reposQuery(ws)).data?.items ?? [], pins);
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
        {ws !== SAMPLE && <Entry to={`/w/${ws}/chat`} icon={MessageSquare} label={sidebar.chat} folded={folded} below />}
        <Entry to={`/w/${ws}/repos`} icon={GitBranch} label={sidebar.repositories} folded={folded} />
        {ws !== SAMPLE && (
          <>
            <Entry to={`/w/${ws}/tasks`} icon={SquareCheck} label={sidebar.tasks} folded={folded} />
            <Entry to={`/w/${ws}/memory`} icon={Bookmark} label={sidebar.memory} folded={folded} />
            <Entry to="/developers/api" icon={Braces} label={sidebar.api} folded={folded} />
          </>
        )}
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
              <li key={repo.id} className="group relative">
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
                <Pin id={repo.id} name={repo.name} on={pins.includes(repo.id)} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <Folded items={items.slice(0, SHORT)} ws={ws} always={folded} />
      <div className={cx("mt-auto flex flex-col gap-px", !folded && "max-lg:[&_span]:sr-only")}>
        {folded && (
          <span className="hidden justify-center lg:flex">
            <IconButton icon={PanelLeftOpen} label={sidebar.unfold} onClick={onFold} />
          </span>
        )}
        {ws !== SAMPLE && <ConnectionDot folded={folded} />}
        <Suspense fallback={<div className="tap" />}>
          <HelpMenu folded={folded} onKeys={onHelp} onTour={onTour} />
          <AccountMenu folded={folded} />
        </Suspense>
      </div>
    </nav>
  );
}

/** Pins a repository; it shows on hover and focus, and where it is on. */
function Pin({ id, name, on }: { id: string; name: string; on: boolean }) {
  const label = `${on ? sidebar.unpin : sidebar.pin}: ${visible(name)}`;
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-label={label}
      title={label}
      className={cx(
        "absolute top-0.5 end-9 inline-flex size-6 items-center justify-center rounded-control bg-subtle text-faint hover:text-text focus-visible:opacity-100 group-hover:opacity-100",
        !on && "opacity-0",
      )}
      onClick={() => togglePin(id)}
    >
      <PinIcon size={12} fill={on ? "currentColor" : "none"} aria-hidden />
    </button>
  );
}

/** The first repositories where there is no room for names: two letters each, and the name on hover. */
function Folded({ items, ws, always }: { items: readonly Repo[]; ws: string; always: boolean }) {
  return (
    <ul className={cx("mt-3 flex min-h-0 flex-col items-center gap-1 overflow-hidden", !always && "lg:hidden")}>
      {items.map((repo) => (
        <li key={repo.id}>
          <Link
            to="/w/$ws/repos/$repo"
            params={{ ws, repo: repo.slug }}
            aria-label={visible(repo.name)}
            title={visible(repo.name)}
            className="flex size-8 items-center justify-center rounded-control border border-line bg-bg text-meta font-semibold text-muted hover:border-control hover:text-text"
            activeProps={{ className: "!border-accent !text-text" }}
            activeOptions={{ includeSearch: false }}
          >
            {[...visible(repo.name)].slice(0, 2).join("")}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The places of the app at the foot of a phone's screen. */
export function TabBar({ onSearch }: { onSearch: () => void }) {
  const ws = useSession().workspace.slug;
  const path = useLocation({ select: (location) => location.pathname });
  const all: [string, LucideIcon, string][] = [
    [`/w/${ws}/repos`, GitBranch, sidebar.repos],
    [`/w/${ws}/tasks`, SquareCheck, sidebar.tasks],
    [`/w/${ws}/memory`, Bookmark, sidebar.memory],
    [`/w/${ws}/chat`, MessageSquare, sidebar.chat],
  ];
  const tabs = ws === SAMPLE ? all.slice(0, 1) : all;
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
