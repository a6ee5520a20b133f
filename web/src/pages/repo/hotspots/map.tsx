import { useNavigate, useSearch } from "@tanstack/react-router";
import { CornerLeftUp, Folder } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { formatCount } from "@/lib/count";
import { cx } from "@/lib/cx";
import { formatPercent } from "@/lib/format";
import { peekText } from "@/lib/peek";
import { readSetting, writeSetting } from "@/lib/storage";
import { textSize } from "@/lib/text-size";
import { visible } from "@/lib/visible";
import { type Spot, type Tile, tilesOf } from "@/repo/hotspot-map";
import { heat } from "@/repo/score";
import { squarify, type Box } from "@/repo/treemap";
import { hotspots } from "@/texts/hotspots";
import { Button } from "@/ui/button";

const texts = hotspots.map;

/** Below these sizes, in pixels at the usual size of text, a name would not be readable. */
const NAME = { width: 44, height: 22 };
const FIGURES = { width: 72, height: 44 };

/** The setting that keeps whether fixes are marked. */
const FIXES = "hotspots.fixes";

/** The width of an element as it is now. */
function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

/** The tile that lies next in a direction: the nearest middle on that side. */
function nextIn(boxes: readonly Box[], from: number, key: string): number | undefined {
  const middle = ({ x, y, width, height }: Box) => ({ x: x + width / 2, y: y + height / 2 });
  const box = boxes[from];
  if (!box) return undefined;
  const here = middle(box);
  const along = key === "ArrowLeft" || key === "ArrowRight" ? "x" : "y";
  const across = along === "x" ? "y" : "x";
  const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  let best: { index: number; far: number } | undefined;
  for (const [index, each] of boxes.entries()) {
    const there = middle(each);
    const step = (there[along] - here[along]) * sign;
    if (index === from || step <= 1) continue;
    const far = step + 2 * Math.abs(there[across] - here[across]);
    if (!best || far < best.far) best = { index, far };
  }
  return best?.index;
}

/** The hotspots as areas: as large as their lines, as warm as their share. A folder opens, a file is shown beside. */
export default function HotspotMap({ spots }: { spots: readonly Spot[] }) {
  const { folder = "", peek } = useSearch({ from: "/inside/w/$ws/repos/$repo/hotspots" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/hotspots" });
  const { ref, width } = useWidth();
  const [at, setAt] = useState(0);
  const tiles = tilesOf(spots, folder);
  const height = Math.round(Math.max(320, Math.min(560, width * 0.5)));
  const boxes = width > 0 ? squarify(tiles.map((each) => each.code), { x: 0, y: 0, width, height }) : [];
  const most = Math.max(...tiles.map((each) => each.share), 0);
  const fixes = tiles.reduce((sum, each) => sum + each.fixes, 0);
  const [hatched, setHatched] = useState(readSetting(FIXES) !== "off");
  const hatch = (on: boolean) => {
    writeSetting(FIXES, on ? "on" : "off");
    setHatched(on);
  };
  const size = textSize();
  const list = useRef<HTMLUListElement>(null);

  const into = (path: string | undefined) => {
    setAt(0);
    void navigate({ search: ({ folder: _folder, ...old }) => (path ? { ...old, folder: path } : old), resetScroll: false }).then(() =>
      list.current?.querySelector("button")?.focus(),
    );
  };
  const out = () => {
    // The folder above that has more than this one in it.
    let above = folder;
    do above = above.includes("/") ? above.slice(0, above.lastIndexOf("/")) : "";
    while (above !== "" && tilesOf(spots, above).length < 2);
    into(above || undefined);
  };
  const open = (tile: Tile) => {
    if (tile.files !== null) into(tile.path);
    else void navigate({ search: (old) => ({ ...old, peek: peekText({ kind: "hotspot", id: tile.path }) }), resetScroll: false });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Backspace" && folder !== "") {
      event.preventDefault();
      out();
    }
    if (!event.key.startsWith("Arrow")) return;
    const next = nextIn(boxes, at, event.key);
    event.preventDefault();
    if (next === undefined) return;
    setAt(next);
    list.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <section aria-label={texts.title} className="flex flex-col gap-2">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 text-dense">
        {folder !== "" && (
          <Button icon={CornerLeftUp} onClick={out}>
            {texts.out}
          </Button>
        )}
        <span className="font-mono text-meta text-muted [overflow-wrap:anywhere]">{folder === "" ? texts.root : `${visible(folder)}/`}</span>
        <span className="text-faint">{texts.summary(tiles.reduce((sum, each) => sum + (each.files ?? 1), 0), tiles.reduce((sum, each) => sum + each.code, 0))}</span>
        <Legend most={most} />
        {(fixes > 0 || !hatched) && <Fixes on={hatched} onChange={hatch} />}
      </div>
      <div ref={ref}>
        <ul ref={list} aria-label={texts.list} className="relative overflow-hidden rounded-card border border-line bg-sunken" style={{ height }} onKeyDown={onKey}>
          {tiles.map((tile, index) => {
            const box = boxes[index];
            if (!box) return null;
            const name = `${visible(tile.name)}${tile.files === null ? "" : "/"}`;
            const label = texts.tile(name, tile.files, tile.code, formatPercent(tile.share), tile.fixes);
            return (
              <li key={tile.path} className="absolute p-px" style={{ left: box.x, top: box.y, width: box.width, height: box.height }}>
                <button
                  type="button"
                  tabIndex={index === Math.min(at, tiles.length - 1) ? 0 : -1}
                  aria-label={label}
                  aria-current={peek === peekText({ kind: "hotspot", id: tile.path }) || undefined}
                  title={label}
                  onFocus={() => setAt(index)}
                  onClick={() => open(tile)}
                  className={cx(
                    "flex h-full w-full flex-col items-start overflow-hidden p-1.5 text-start text-meta leading-4 hover:brightness-95 focus-visible:z-1 focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus aria-current:outline-2 aria-current:-outline-offset-2 aria-current:outline-accent",
                    heat(most === 0 ? 0 : tile.share / most),
                    hatched && tile.fixes > 0 && "hatched",
                  )}
                >
                  {box.width >= NAME.width * size && box.height >= NAME.height * size && (
                    <span className="flex max-w-full items-center gap-1 font-medium">
                      {tile.files !== null && <Folder size={12} aria-hidden className="shrink-0" />}
                      <span className="truncate">{box.width < 140 ? (name.split("/").filter(Boolean).pop() ?? name) : name}</span>
                    </span>
                  )}
                  {box.width >= FIGURES.width * size && box.height >= FIGURES.height * size && (
                    <span className="max-w-full truncate">
                      {formatPercent(tile.share)} · {formatCount(tile.code)}
                    </span>
                  )}
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      <p className="text-meta text-faint">{texts.hint}</p>
    </section>
  );
}

/** Whether files with fixes of late are marked, and what the mark is. */
function Fixes({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="tap flex items-center gap-1.5 text-meta text-muted" title={texts.fixesHint}>
      <input type="checkbox" className="size-3.5 accent-[var(--accent)]" checked={on} onChange={(event) => onChange(event.target.checked)} />
      <span aria-hidden className="hatched size-3 rounded-[3px] bg-[var(--heat-2)] text-[var(--on-heat-2)] ring-1 ring-line" />
      {texts.fixes}
    </label>
  );
}

const STEPS = [0, 1, 2, 3, 4];

/** What the colours say, with numbers. */
function Legend({ most }: { most: number }) {
  return (
    <span className="ms-auto flex flex-wrap items-center gap-x-2 gap-y-1 text-meta text-muted">
      {texts.colour}
      {STEPS.map((step) => (
        <span key={step} className="inline-flex items-center gap-1">
          <span aria-hidden className={cx("size-3 rounded-[3px] ring-1 ring-line", heat((step + 0.5) / STEPS.length))} />
          {texts.step(formatPercent((most * step) / STEPS.length), step === STEPS.length - 1)}
        </span>
      ))}
    </span>
  );
}
