import { Link } from "@tanstack/react-router";
import { Check, Inbox, LogOut, ShieldCheck, SunMoon, UserRound } from "lucide-react";
import { useState } from "react";

import { SAMPLE, useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { chooseTheme, chosenTheme, THEMES } from "@/lib/theme";
import { visible } from "@/lib/visible";
import { own } from "@/texts/own-settings";
import { sidebar } from "@/texts/sidebar";
import { menuItem, Popover } from "@/ui/popover";

import { useLeave } from "./leave";

/** Who is signed in, the theme, and the way out. */
export default function AccountMenu({ folded }: { folded: boolean }) {
  const session = useSession();
  const [theme, setTheme] = useState(chosenTheme());
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
              <Link to="/settings/profile" className={menuItem} onClick={close}>
                <UserRound size={14} aria-hidden />
                {own.profile}
              </Link>
              <Link to="/settings/security" className={menuItem} onClick={close}>
                <ShieldCheck size={14} aria-hidden />
                {own.security}
              </Link>
              {session.can.operate && (
                <Link to="/admin/outbox" className={menuItem} onClick={close}>
                  <Inbox size={14} aria-hidden />
                  {own.outbox}
                </Link>
              )}
              <hr className="my-1.5 border-line" />
            </>
          )}
          <p className="px-2 py-1 text-meta text-faint">{sidebar.theme}</p>
          <div role="radiogroup" aria-label={sidebar.theme}>
            {THEMES.map((each) => (
              <label
                key={each}
                className={cx(menuItem, "has-[:focus-visible]:outline-2 has-[:focus-visible]:-outline-offset-2 has-[:focus-visible]:outline-focus")}
              >
                <input
                  type="radio"
                  name="theme"
                  className="sr-only"
                  checked={theme === each}
                  onChange={() => {
                    chooseTheme(each);
                    setTheme(each);
                  }}
                />
                <Check size={14} aria-hidden className={theme === each ? "" : "invisible"} />
                {sidebar.themes[each]}
              </label>
            ))}
          </div>
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
