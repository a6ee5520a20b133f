import { Maximize, Minus, Plus } from "lucide-react";
import { useCallback, useEffect, useId, useRef, useState } from "react";

import type { Graph, GraphModule } from "@/api/types";
import { cx } from "@/lib/cx";
import { formatCount, visible } from "@/lib/format";
import { architecture as texts } from "@/texts/architecture";
import { IconButton } from "@/ui/button";

import { summaryOf } from "./module-name";

interface View {
  x: number;
  y: number;
  scale: number;
}

const MARGIN = 24;
const [LEAST, MOST] = [0.1, 4];
/** Below this scale nobody reads the names: a drawing begins no smaller, even where a part of it is out of sight. */
const READABLE = 0.6;
const ZOOM = 1.25;

/** The module layout of the server as a drawing: drag to move, wheel or keys to zoom, arrows to walk. */
export default function Diagram({ graph, selected, onOpen }: { graph: Graph; selected: number; onOpen: (index: number) => void }) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ x: MARGIN, y: MARGIN, scale: 1 });
  const [focused, setFocused] = useState(0);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);

  const fit = useCallback(
    (least: number) => {
      const box = frame.current;
      if (!box) return;
      const scale = Math.min(1, (box.clientWidth - 2 * MARGIN) / graph.width, (box.clientHeight - 2 * MARGIN) / graph.height);
      const usable = Math.max(least, scale);
      setView({
        scale: usable,
        x: (box.clientWidth - graph.width * usable) / 2,
        y: Math.max(MARGIN, (box.clientHeight - graph.height * usable) / 2),
      });
    },
    [graph],
  );
  useEffect(() => fit(READABLE), [fit]);

  const zoom = useCallback((factor: number, at?: { x: number; y: number }) => {
    setView((old) => {
      const box = frame.current;
      const point = at ?? { x: (box?.clientWidth ?? 0) / 2, y: (box?.clientHeight ?? 0) / 2 };
      const scale = Math.max(LEAST, Math.min(MOST, old.scale * factor));
      const ratio = scale / old.scale;
      return { scale, x: point.x - (point.x - old.x) * ratio, y: point.y - (point.y - old.y) * ratio };
    });
  }, []);

  // React listens to the wheel passively, where the page's own zoom cannot be held back.
  useEffect(() => {
    const box = frame.current;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = box?.getBoundingClientRect() ?? { left: 0, top: 0 };
      zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM, { x: event.clientX - left, y: event.clientY - top });
    };
    box?.addEventListener("wheel", onWheel, { passive: false });
    return () => box?.removeEventListener("wheel", onWheel);
  }, [zoom]);

  /** Brings a module into the window. */
  const reveal = (module: GraphModule) => {
    const box = frame.current;
    if (!box) return;
    setView((old) => {
      const left = module.x * old.scale + old.x;
      const top = module.y * old.scale + old.y;
      const right = left + module.width * old.scale;
      const bottom = top + module.height * old.scale;
      const dx = left < 0 ? MARGIN - left : right > box.clientWidth ? box.clientWidth - MARGIN - right : 0;
      const dy = top < 0 ? MARGIN - top : bottom > box.clientHeight ? box.clientHeight - MARGIN - bottom : 0;
      return { ...old, x: old.x + dx, y: old.y + dy };
    });
  };

  const onKey = (event: React.KeyboardEvent) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) {
      const next = nearest(graph.modules, focused, step[0] ?? 0, step[1] ?? 0);
      const module = graph.modules[next];
      if (module) {
        setFocused(next);
        reveal(module);
      }
    } else if (event.key === "+" || event.key === "=") zoom(ZOOM);
    else if (event.key === "-") zoom(1 / ZOOM);
    else if (event.key === "Enter") onOpen(focused);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="relative">
      <div
        ref={frame}
        tabIndex={0}
        role="application"
        aria-roledescription={texts.diagram}
        aria-label={summaryOf(graph)}
        aria-describedby={`${id}-hint`}
        aria-activedescendant={`${id}-${focused}`}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX, y: event.clientY, moved: false };
        }}
        onPointerMove={(event) => {
          const last = drag.current;
          if (!last || event.buttons === 0) return;
          const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
          if (!last.moved && Math.hypot(dx, dy) < 4) return;
          drag.current = { x: event.clientX, y: event.clientY, moved: true };
          setView((old) => ({ ...old, x: old.x + dx, y: old.y + dy }));
        }}
        className="group h-[max(420px,calc(100dvh-280px))] touch-none overflow-hidden rounded-card border border-line bg-subtle"
      >
        <svg className="size-full select-none">
          <defs>
            <marker id={`${id}-arrow`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 1 7 4 0 7z" fill="var(--control)" />
            </marker>
            <marker id={`${id}-cycle`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 1 7 4 0 7z" fill="var(--critical)" />
            </marker>
          </defs>
          <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
            <Edges graph={graph} marker={id} selected={selected} />
            {graph.modules.map((module, index) => (
              <Box
                key={module.path}
                id={`${id}-${index}`}
                module={module}
                selected={index === selected}
                focused={index === focused}
                onOpen={() => {
                  if (drag.current?.moved) return;
                  setFocused(index);
                  onOpen(index);
                }}
              />
            ))}
          </g>
        </svg>
      </div>
      <div className="absolute end-2 top-2 flex flex-col rounded-card border border-line bg-raised">
        <IconButton icon={Plus} label={texts.zoomIn} onClick={() => zoom(ZOOM)} />
        <IconButton icon={Minus} label={texts.zoomOut} onClick={() => zoom(1 / ZOOM)} />
        <IconButton icon={Maximize} label={texts.fit} onClick={() => fit(LEAST)} />
      </div>
      <p id={`${id}-hint`} className="mt-1.5 text-meta text-faint">
        {texts.hint}
      </p>
    </div>
  );
}

/** The nearest module in a direction; the same one when there is none. */
export function nearest(modules: readonly GraphModule[], from: number, dx: number, dy: number): number {
  const start = modules[from];
  if (!start) return from;
  const centre = (module: GraphModule) => [module.x + module.width / 2, module.y + module.height / 2] as const;
  const [x, y] = centre(start);
  let [best, cost] = [from, Infinity];
  modules.forEach((module, index) => {
    const [mx, my] = centre(module);
    const along = (mx - x) * dx + (my - y) * dy;
    const across = Math.abs((mx - x) * dy) + Math.abs((my - y) * dx);
    if (along > 1 && along + 2 * across < cost) [best, cost] = [index, along + 2 * across];
  });
  return best;
}

/** Importers are drawn above what they import, so edges leave at the bottom and arrive at the top. */
function Edges({ graph, marker, selected }: { graph: Graph; marker: string; selected: number }) {
  return (
    <g fill="none">
      {graph.edges.map((edge) => {
        const [from, to] = [graph.modules[edge.from], graph.modules[edge.to]];
        if (!from || !to) return null;
        const cycle = from.cyclic && to.cyclic && from.layer === to.layer;
        const near = edge.from === selected || edge.to === selected;
        return (
          <path
            key={`${edge.from}-${edge.to}`}
            d={route(from, to)}
            stroke={cycle ? "var(--critical)" : near ? "var(--accent)" : "var(--control)"}
            strokeOpacity={selected < 0 || near ? (near ? 1 : 0.45) : 0.15}
            strokeWidth={1 + Math.min(3, Math.log2(1 + edge.count) / 2)}
            strokeDasharray={cycle ? "5 3" : undefined}
            markerEnd={`url(#${marker}-${cycle ? "cycle" : "arrow"})`}
          />
        );
      })}
    </g>
  );
}

function route(from: GraphModule, to: GraphModule): string {
  const [fx, tx] = [from.x + from.width / 2, to.x + to.width / 2];
  if (Math.abs(from.y - to.y) < 1) {
    // Side by side: a shallow arc below the row.
    const y = from.y + from.height;
    const depth = Math.min(60, 16 + Math.abs(tx - fx) / 8);
    return `M${fx} ${y} C${fx} ${y + depth} ${tx} ${y + depth} ${tx} ${y}`;
  }
  const down = to.y > from.y;
  const [fy, ty] = down ? [from.y + from.height, to.y] : [from.y, to.y + to.height];
  const bend = (ty - fy) / 2;
  return `M${fx} ${fy} C${fx} ${fy + bend} ${tx} ${ty - bend} ${tx} ${ty}`;
}

function Box({
  id,
  module,
  selected,
  focused,
  onOpen,
}: {
  id: string;
  module: GraphModule;
  selected: boolean;
  focused: boolean;
  onOpen: () => void;
}) {
  const name = visible(module.label || texts.root);
  const room = Math.max(3, Math.floor((module.width - 20) / 7));
  const shown = name.length > room ? `${name.slice(0, room - 1)}…` : name;
  return (
    <g
      id={id}
      role="img"
      aria-label={`${visible(module.path) || texts.root}, ${texts.columns.code} ${formatCount(module.code)}${module.cyclic ? `, ${texts.inCycle}` : ""}`}
      transform={`translate(${module.x} ${module.y})`}
      className="cursor-pointer"
      onClick={onOpen}
    >
      <title>{visible(module.path) || texts.root}</title>
      <rect
        width={module.width}
        height={module.height}
        rx={6}
        className={cx(focused && "group-focus-visible:[stroke:var(--focus)] group-focus-visible:[stroke-width:3]")}
        fill="var(--raised)"
        stroke={selected ? "var(--accent)" : module.cyclic ? "var(--critical)" : "var(--control)"}
        strokeWidth={selected || module.cyclic ? 2 : 1}
      />
      <text x={10} y={module.height / 2 - 2} fontSize={12} fontWeight={500} fill="var(--text)">
        {shown}
      </text>
      <text x={10} y={module.height / 2 + 13} fontSize={11} fill="var(--faint)">
        {formatCount(module.code)}
        {module.cyclic ? ` · ${texts.inCycle}` : ""}
      </text>
    </g>
  );
}
