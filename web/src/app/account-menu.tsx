import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, LogOut, Plus, ServerCog, Settings, ShieldCheck, SunMoon, UserRound } from "lucide-react";

import { workspacesQuery } from "@/api/tokens";
import type { OwnWorkspace } from "@/api/types";
import { SAMPLE, useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";
import { own } from "@/texts/own-settings";
import { sidebar } from "@/texts/sidebar";
import { workspaceSettings } from "@/texts/workspace-settings";
import { Avatar } from "@/ui/avatar";
import { menuItem, Popover } from "@/ui/popover";

import { useLeave } from "./leave";
import { ThemeChoice } from "./theme-choice";

/** The workspaces one is in, where they are several, and the way to a new one. */
function Workspaces({ all, shown, close }: { all: OwnWorkspace[]; shown: string; close: () => void }) {
  return (
    <>
      <hr className="my-1.5 border-line" />
      {all.length > 1 && <p className="px-2 py-1 text-meta text-faint">{sidebar.workspaces}</p>}
      {all.length > 1 && all.map(({ workspace }) => (
        <Link
          key={workspace.id}
          to="/w/$ws/repos"
          params={{ ws: workspace.slug }}
          className={menuItem}
          aria-current={workspace.slug === shown || undefined}
          onClick={close}
        >
          <span className="min-w-0 flex-1 truncate">{visible(workspace.name)}</span>
          {workspace.slug === shown && <Check size={14} aria-hidden className="shrink-0" />}
        </Link>
      ))}
      <Link to="/settings/$page" params={{ page: "workspaces" }} className={menuItem} onClick={close}>
        <Plus size={14} aria-hidden />
        {workspaceSettings.make}
      </Link>
    </>
  );
}

/** Who is signed in, the workspaces, the theme, and the way out. */
export default function AccountMenu({ folded }: { folded: boolean }) {
  const session = useSession();
  const leave = useLeave();
  const nobody = session.workspace.slug === SAMPLE;
  // Read before the menu opens, which is placed by the height it has then.
  const workspaces = useQuery({ ...workspacesQuery, enabled: !nobody }).data?.data ?? [];
  return (
    <Popover
      label={nobody ? sidebar.theme : sidebar.account}
      triggerLabel={nobody ? sidebar.theme : `${sidebar.account}: ${session.user.name}`}
      triggerClass={cx(
        "tap flex items-center gap-2.5 rounded-control px-2 text-dense text-muted hover:bg-sunken hover:text-text",
        folded && "justify-center",
      )}
      trigger={
        nobody ? (
          <>
            <SunMoon size={16} strokeWidth={1.75} aria-hidden className="shrink-0" />
            <span className={folded ? "sr-only" : ""}>{sidebar.theme}</span>
          </>
        ) : (
        <>
          <Avatar person={session.user} className="-ms-0.5 size-5 text-meta" />
          <span className={folded ? "sr-only" : "truncate"}>{session.user.name}</span>
        </>
        )
      }
      className="w-52 p-1.5"
    >
      {(close) => (
        <>
          {!nobody && (
            <>
              <p className="truncate px-2 py-1 text-dense font-medium">{visible(session.user.name)}</p>
              <Link to="/settings/$page" params={{ page: "profile" }} className={menuItem} onClick={close}>
                <UserRound size={14} aria-hidden />
                {own.profile}
              </Link>
              <Link to="/settings/$page" params={{ page: "security" }} className={menuItem} onClick={close}>
                <ShieldCheck size={14} aria-hidden />
                {own.security}
              </Link>
              <Link to="/w/$ws/settings/$page" params={{ ws: session.workspace.slug, page: "general" }} className={menuItem} onClick={close}>
                <Settings size={14} aria-hidden />
                {workspaceSettings.open}
              </Link>
              {session.can.operate && (
                <Link to="/admin/$page" params={{ page: "health" }} className={menuItem} onClick={close}>
                  <ServerCog size={14} aria-hidden />
                  {own.admin}
                </Link>
              )}
              <Workspaces all={workspaces} shown={session.workspace.slug} close={close} />
              <hr className="my-1.5 border-line" />
            </>
          )}
          <ThemeChoice />
          {!nobody && (
            <>
              <hr className="my-1.5 border-line" />
              <button type="button" className={menuItem} onClick={() => void leave()}>
                <LogOut size={14} aria-hidden />
                {sidebar.signOut}
              </button>
            </>
          )}
        </>
      )}
    </Popover>
  );
}
