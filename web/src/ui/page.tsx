import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";

import { common } from "@/texts/common";

let shownPath: string | undefined;

/** The one `h1` of a page: it names the window and takes the focus when the page is opened from another one. */
export function PageTitle({ name, scope, hidden }: { name: string; scope?: string; hidden?: boolean }) {
  const ref = useRef<HTMLHeadingElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  useEffect(() => {
    document.title = [name, scope, common.product].filter(Boolean).join(" · ");
  }, [name, scope]);
  useEffect(() => {
    if (shownPath !== undefined && shownPath !== path) ref.current?.focus({ preventScroll: true });
    shownPath = path;
  }, [path]);
  return (
    <h1 ref={ref} tabIndex={-1} className={hidden ? "sr-only" : "min-w-0 text-title tracking-tight"}>
      {name}
    </h1>
  );
}

/** Title, freshness and actions above a page. */
export function PageHeader({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
      {children}
      {actions && <div className="ms-auto flex items-center gap-2">{actions}</div>}
    </header>
  );
}
