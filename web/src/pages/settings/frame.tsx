import { Link, Outlet } from "@tanstack/react-router";
import { Suspense } from "react";

import { own as texts } from "@/texts/own-settings";
import { SkeletonRows } from "@/ui/loaded";

const PAGES = [
  [texts.profile, "/settings/profile"],
  [texts.security, "/settings/security"],
] as const;

/** What the pages of one's own account share: the way from one to the other. */
export function SettingsFrame() {
  return (
    <div className="flex flex-col gap-5 p-4 sm:p-6">
      <nav aria-label={texts.navigation} className="-mx-2 flex gap-1 border-b border-line">
        {PAGES.map(([name, to]) => (
          <Link
            key={to}
            to={to}
            className="tap relative flex items-center rounded-control px-2 pb-1 text-dense text-muted hover:text-text"
            activeProps={{
              className:
                "font-medium !text-text after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent",
            }}
          >
            {name}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<SkeletonRows rows={3} height="h-24" />}>
        <Outlet />
      </Suspense>
    </div>
  );
}
