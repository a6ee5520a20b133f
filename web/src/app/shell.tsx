import { Outlet, useLocation, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";

import { SAMPLE, useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { moveRow, useKeys, useModKey } from "@/lib/keys";
import { undoLast } from "@/ui/toast";
import { early, part } from "@/lib/part";
import { useWriting, write } from "@/memory/writing";
import { readSetting, writeSetting } from "@/lib/storage";
import { PeekHost, PeekSlot } from "@/peek/slot";
import { shell } from "@/texts/shell";

// They come together with the page instead of before it.
const bars = () => import("./sidebar");
const Sidebar = early(() => bars().then((module) => ({ default: module.Sidebar })));
const TabBar = early(() => bars().then((module) => ({ default: module.TabBar })));
const Palette = early(() => import("./palette-dialog"));
const SourcePeek = part(() => import("@/peek/source"));
const MemoryPeek = part(() => import("@/memory/peek"));
const MemoryEditor = part(() => import("@/memory/editor"));
const TopStrip = part(() => import("./top-strip"));
const SampleBar = part(() => import("./sample-bar"));
const Shortcuts = part(() => import("./shortcuts"));
const Tour = part(() => import("./tour"));

const skip =
  "sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-50 focus:rounded-control focus:bg-raised focus:px-3 focus:py-2 focus:shadow-overlay";

/** What of an address is not a filter: what is looked at, and how. */
const LOOKS = new Set(["peek", "level", "focus", "view", "base", "head", "commit", "blame", "runs"]);
const unfiltered = (search: object): object => Object.fromEntries(Object.entries(search).filter(([name]) => LOOKS.has(name)));

/** The frame around every page of a signed-in person. */
export function Shell() {
  const session = useSession();
  const ws = session.workspace.slug;
  const navigate = useNavigate();
  const [folded, setFolded] = useState(readSetting("sidebar") === "folded");
  const [help, setHelp] = useState(false);
  const [tour, setTour] = useState<"asked" | "offered">();
  const [palette, setPalette] = useState(false);
  const writing = useWriting(ws);
  const [slot, setSlot] = useState<HTMLElement | null>(null);

  useEffect(() => void import("@/offline/install").then(({ install }) => install()), []);
  useEffect(() => {
    let stop: (() => void) | undefined;
    let gone = ws === SAMPLE; // Nothing changes there.
    if (gone) return;
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

  const { repo } = useParams({ strict: false });
  const arrived = useLocation({ select: (location) => location.pathname === "/start/results" });
  useEffect(() => {
    if (arrived && readSetting("tour") === null) setTour("offered");
  }, [arrived]);
  useModKey("k", () => setPalette(true));
  useModKey("z", undoLast);
  useKeys({
    j: () => moveRow(1),
    k: () => moveRow(-1),
    ArrowDown: (event) => (event.target as HTMLElement).matches("[data-row]") && moveRow(1),
    ArrowUp: (event) => (event.target as HTMLElement).matches("[data-row]") && moveRow(-1),
    "[": fold,
    "]": closePeek,
    Escape: closePeek,
    "?": () => setHelp(true),
    f: () => document.querySelector<HTMLElement>("#page :is([data-filters], fieldset) :is(input, select, button), #page input[type=search]")?.focus(),
    "Shift f": () => void navigate({ to: ".", search: unfiltered, resetScroll: false }),
    "/": () => document.querySelector<HTMLElement>("#page input[type=search]")?.focus(),
    "g r": () => void navigate({ to: "/w/$ws/repos", params: { ws } }),
    "g t": () => ws !== SAMPLE && void navigate({ to: "/w/$ws/tasks", params: { ws } }),
    "g h": () => ws !== SAMPLE && void navigate({ to: "/w/$ws/chat", params: { ws } }),
    "g m": () => ws !== SAMPLE && void navigate({ to: "/w/$ws/memory", params: { ws } }),
    "g s": () => repo && ws !== SAMPLE && void navigate({ to: "/w/$ws/repos/$repo/settings", params: { ws, repo } }),
    c: () => {
      if (ws === SAMPLE) return;
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
        {peek && (
          <a href="#peek" className={skip}>
            {shell.skipPanel}
          </a>
        )}
        <Suspense>
          <TopStrip />
        </Suspense>
        {ws === SAMPLE && (
          <Suspense fallback={<div aria-busy="true" className="h-6 shrink-0 bg-low-bg" />}>
            <SampleBar />
          </Suspense>
        )}
        <div className="flex min-h-0 flex-1">
          <Suspense fallback={<div aria-busy="true" className={cx("hidden shrink-0 sm:block", folded ? "w-14" : "w-14 lg:w-58")} />}>
            <Sidebar folded={folded} onFold={fold} onHelp={() => setHelp(true)} onTour={() => setTour("asked")} onSearch={() => setPalette(true)} />
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
        {/* Each has a boundary of its own: one that is still fetched must not keep another from showing. */}
        <Suspense>{/^(src|commit):/.test(peek ?? "") && <SourcePeek />}</Suspense>
        <Suspense>{peek?.startsWith("memory:") && <MemoryPeek />}</Suspense>
        <Suspense>
          {(tour === "asked" || (tour && arrived)) && (
            <Tour key={tour} asked={tour === "asked"} onStart={() => setTour("asked")} onClose={() => setTour(undefined)} />
          )}
        </Suspense>
        <Suspense>{help && <Shortcuts onClose={() => setHelp(false)} />}</Suspense>
        <Suspense>
          {palette && <Palette onClose={() => setPalette(false)} onFold={fold} onHelp={() => setHelp(true)} />}
        </Suspense>
        <Suspense>{writing && <MemoryEditor {...writing} onClose={() => write(undefined)} />}</Suspense>
      </div>
    </PeekSlot>
  );
}
