import { Outlet, useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";

import { useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { moveRow, useKeys, useModKey } from "@/lib/keys";
import { early, part } from "@/lib/part";
import { readSetting, writeSetting } from "@/lib/storage";
import { PeekHost, PeekSlot } from "@/peek/slot";
import { shell } from "@/texts/shell";

// They come together with the page instead of before it.
const bars = () => import("./sidebar");
const Sidebar = early(() => bars().then((module) => ({ default: module.Sidebar })));
const TabBar = early(() => bars().then((module) => ({ default: module.TabBar })));
const SourcePeek = part(() => import("@/peek/source"));
const TopStrip = part(() => import("./top-strip"));
const Shortcuts = part(() => import("./shortcuts"));
const Palette = part(() => import("./palette"));

const skip =
  "sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-50 focus:rounded-control focus:bg-raised focus:px-3 focus:py-2 focus:shadow-overlay";

/** The frame around every page of a signed-in person. */
export function Shell() {
  const session = useSession();
  const ws = session.workspace.slug;
  const navigate = useNavigate();
  const [folded, setFolded] = useState(readSetting("sidebar") === "folded");
  const [help, setHelp] = useState(false);
  const [palette, setPalette] = useState(false);
  const [slot, setSlot] = useState<HTMLElement | null>(null);

  useEffect(() => {
    let stop: (() => void) | undefined;
    let gone = false;
    void import("@/live/connect").then(({ startLive }) => {
      if (!gone) stop = startLive(ws);
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [ws]);

  const fold = () => {
    setFolded(!folded);
    writeSetting("sidebar", folded ? "open" : "folded");
  };
  const { peek } = useSearch({ from: "/inside" });
  const closePeek = () => {
    if (peek) void navigate({ to: ".", search: ({ peek: _peek, ...rest }) => rest, resetScroll: false });
  };

  useModKey("k", () => setPalette(true));
  useKeys({
    j: () => moveRow(1),
    k: () => moveRow(-1),
    ArrowDown: (event) => (event.target as HTMLElement).matches("[data-row]") && moveRow(1),
    ArrowUp: (event) => (event.target as HTMLElement).matches("[data-row]") && moveRow(-1),
    "[": fold,
    "]": closePeek,
    Escape: closePeek,
    "?": () => setHelp(true),
    "/": () => document.querySelector<HTMLElement>("#page input[type=search]")?.focus(),
    "g r": () => void navigate({ to: "/w/$ws/repos", params: { ws } }),
    "g t": () => void navigate({ to: "/w/$ws/tasks", params: { ws } }),
    c: () => {
      void navigate({ to: "/w/$ws/tasks", params: { ws }, hash: "new" });
      document.getElementById("new-task")?.focus();
    },
  });

  return (
    <PeekSlot value={slot}>
      <div className="flex h-dvh flex-col bg-subtle text-text">
        <a href="#page" className={skip}>
          {shell.skipContent}
        </a>
        <a href="#peek" className={skip}>
          {shell.skipPanel}
        </a>
        <Suspense>
          <TopStrip />
        </Suspense>
        <div className="flex min-h-0 flex-1">
          <Suspense fallback={<div aria-busy="true" className={cx("hidden shrink-0 sm:block", folded ? "w-14" : "w-14 lg:w-58")} />}>
            <Sidebar folded={folded} onFold={fold} onHelp={() => setHelp(true)} onSearch={() => setPalette(true)} />
          </Suspense>
          <div className="relative flex min-w-0 flex-1 overflow-hidden bg-bg sm:my-2 sm:me-2 sm:rounded-card sm:border sm:border-line">
            <main id="page" tabIndex={-1} className="scroll-thin min-w-0 flex-1 overflow-y-auto outline-none">
              <Outlet />
            </main>
            <PeekHost ref={setSlot} />
          </div>
        </div>
        <Suspense fallback={<div aria-busy="true" className="h-12 shrink-0 border-t border-line sm:hidden" />}>
          <TabBar onSearch={() => setPalette(true)} />
        </Suspense>
        <Suspense>
          <SourcePeek />
          {help && <Shortcuts onClose={() => setHelp(false)} />}
          {palette && <Palette onClose={() => setPalette(false)} onFold={fold} onHelp={() => setHelp(true)} />}
        </Suspense>
      </div>
    </PeekSlot>
  );
}
