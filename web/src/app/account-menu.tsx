import { Link } from "@tanstack/react-router";
import { LogOut, ServerCog, Settings, ShieldCheck, SunMoon, UserRound } from "lucide-react";

import { SAMPLE, useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";
import { own } from "@/texts/own-settings";
import { sidebar } from "@/texts/sidebar";
import { workspaceSettings } from "@/texts/workspace-settings";
import { menuItem, Popover } from "@/ui/popover";

import { useLeave } from "./leave";
import { ThemeChoice } from "./theme-choice";

/** Who is signed in, the theme, and the way out. */
export default function AccountMenu({ folded }: { folded: boolean }) {
  const session = useSession();
  const leave = useLeave();
  const nobody = session.workspace.slug === SAMPLE;
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
          <i
            aria-hidden
            className="flex size-5 shrink-0 -ms-0.5 items-center justify-center rounded-full bg-accent text-meta font-semibold not-italic text-on-accent"
          >
            {session.user.name.slice(0, 1).toUpperCase()}
          </i>
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
              <Link to="/w/$ws/settings/$page" params={{ ws: session.workspace.slug, page: "integrations" }} className={menuItem} onClick={close}>
                <Settings size={14} aria-hidden />
                {workspaceSettings.open}
              </Link>
              {session.can.operate && (
                <Link to="/admin/$page" params={{ page: "health" }} className={menuItem} onClick={close}>
                  <ServerCog size={14} aria-hidden />
                  {own.admin}
                </Link>
              )}
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
