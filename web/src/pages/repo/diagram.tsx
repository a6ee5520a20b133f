import { Maximize, Minus, Plus } from "lucide-react";
import { useId, useMemo, useRef, useState } from "react";

import { formatCount } from "@/lib/count";
import { architecture as texts } from "@/texts/architecture";
import { Button, IconButton } from "@/ui/button";

import { circular, strongest, type Chart } from "./diagram/chart";
import { draw, heaviest, nearest } from "./diagram/layout";
import { Minimap } from "./diagram/minimap";
import { Arrowheads, Tile, Ways } from "./diagram/parts";
import { useView, ZOOM } from "./diagram/view";

/** More boxes than this are not drawn at once, unless somebody asks for all. */
const SHOWN = 16;
/** A few more are better shown than hidden. */
const SPARE = 4;
/** One step of moving by keys, in pixels. */
const STEP = 80;

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Props {
  chart: Chart;
  /** The drawing in one sentence. */
  summary: string;
  /** The box that is shown beside the page, or -1. */
  selected: number;
  onOpen: (index: number) => void;
  /** Looks closer at a box. */
  onCloser: (index: number) => void;
  /** Looks from further away. */
  onAway: () => void;
  all: boolean;
  onAll: (all: boolean) => void;
}

/** Boxes and arrows: drag to move, pinch, wheel or keys to zoom, arrows to walk. */
export default function Diagram({ chart, summary, selected, onOpen, onCloser, onAway, all, onAll }: Props) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const { nodes, edges } = chart;
  // Where nothing leads from one to another, no box is more than the others.
  const many = edges.length > 0 && nodes.length > SHOWN + SPARE;
  const base = useMemo(() => {
    if (!many || all) return new Set(nodes.keys());
    // What is not read is said however little is shown.
    return new Set([...heaviest(chart, SHOWN), ...[...nodes.keys()].filter((index) => nodes[index]?.unread)]);
  }, [chart, nodes, many, all]);
  const extra = base.has(selected) ? -1 : selected;
  // What is not read may be all that was left out.
  const fewer = base.size < nodes.length;
  const circles = useMemo(() => circular(chart), [chart]);
  const [shown, drawing, total] = useMemo(() => {
    const shown = new Set(base);
    if (extra >= 0) shown.add(extra);
    const strong = strongest(chart, shown, circles);
    const total = edges.filter(({ from, to }) => from !== to && shown.has(from) && shown.has(to)).length;
    return [shown, draw(chart, shown, (edge) => strong.has(edge)), total] as const;
  }, [chart, edges, base, extra, circles]);
  const chosen = drawing.boxes.find((box) => box.index === selected);
  const { view, fit, zoom, pan, reveal, handlers, dragged } = useView(frame, drawing, chosen);
  const [walked, setWalked] = useState(-1);
  const [hovered, setHovered] = useState(-1);
  const focused = drawing.boxes.some((box) => box.index === walked) ? walked : (drawing.boxes[0]?.index ?? 0);
  const active = hovered >= 0 ? hovered : selected;
  const near = useMemo(() => {
    const ends = edges.filter((edge) => edge.from === active || edge.to === active);
    return new Set([active, ...ends.flatMap((edge) => [edge.from, edge.to])]);
  }, [edges, active]);
  /** All the ways of the box that is looked at, also those that are not drawn otherwise. */
  const looked = useMemo(
    () => (active < 0 ? null : draw(chart, shown, (edge) => edges[edge]?.from === active || edges[edge]?.to === active)),
    [chart, shown, edges, active],
  );

  const walk = ([dx, dy]: readonly [number, number]) => {
    const next = nearest(drawing.boxes, focused, dx, dy);
    setWalked(next);
    setHovered(next);
    const box = drawing.boxes.find((each) => each.index === next);
    if (box) reveal(box);
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow && event.shiftKey) pan(-arrow[0] * STEP, -arrow[1] * STEP);
    else if (arrow) walk(arrow);
    else if (event.key === "+" || event.key === "=") zoom(ZOOM);
    else if (event.key === "-") zoom(1 / ZOOM);
    else if (event.key === "0") fit();
    else if (event.key === "Enter") onOpen(focused);
    else if (event.key === "o") onCloser(focused);
    else if (event.key === "Backspace") onAway();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="relative">
      {((many && (all || fewer)) || drawing.routes.length < total) && (
        <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 text-dense text-muted">
          <p role="status">
            {[
              many && (all || fewer) && (all ? texts.allShown(nodes.length) : texts.heaviest(drawing.boxes.length, nodes.length)),
              drawing.routes.length < total && texts.strongest(drawing.routes.length, total),
            ]
              .filter(Boolean)
              .join(" ")}
          </p>
          {many && (all || fewer) && (
            <Button aria-pressed={all} onClick={() => onAll(!all)}>
              {all ? texts.showHeaviest(SHOWN) : texts.showAll(nodes.length)}
            </Button>
          )}
        </div>
      )}
      <div className="relative">
        <div
          ref={frame}
          tabIndex={0}
          role="application"
          aria-roledescription={texts.diagram}
          aria-label={summary}
          aria-describedby={`${id}-hint`}
          aria-activedescendant={`${id}-${focused}`}
          onKeyDown={onKey}
          onBlur={() => setHovered(-1)}
          {...handlers}
          className="group h-[max(420px,calc(100dvh-340px))] cursor-grab touch-none overflow-hidden rounded-card border border-line bg-subtle active:cursor-grabbing"
        >
          <svg className="size-full select-none" data-scale={view.scale}>
            <Arrowheads id={id} />
            <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
              <Ways chart={chart} circles={circles} routes={drawing.routes} marker={id} look={looked ? "far" : "plain"} />
              {looked && (
                <g transform={`translate(${drawing.shift - looked.shift} 0)`}>
                  <Ways chart={chart} circles={circles} routes={looked.routes} marker={id} look="near" />
                </g>
              )}
              {drawing.boxes.map((box) => {
                const node = nodes[box.index];
                return (
                  node && (
                    <Tile
                      key={box.index}
                      id={`${id}-${box.index}`}
                      marker={id}
                      box={box}
                      node={node}
                      scale={view.scale}
                      selected={box.index === selected}
                      focused={box.index === focused}
                      faded={active >= 0 && !near.has(box.index)}
                      onHover={(over) => setHovered(over ? box.index : -1)}
                      onOpen={() => {
                        if (dragged()) return;
                        setWalked(box.index);
                        onOpen(box.index);
                      }}
                    />
                  )
                );
              })}
            </g>
          </svg>
        </div>
        <div className="absolute end-2 top-2 flex flex-col rounded-card border border-line bg-raised">
          <IconButton icon={Plus} label={texts.zoomIn} onClick={() => zoom(ZOOM)} />
          <IconButton icon={Minus} label={texts.zoomOut} onClick={() => zoom(1 / ZOOM)} />
          <IconButton icon={Maximize} label={texts.fit} onClick={fit} />
        </div>
        <Minimap drawing={drawing} view={view} frame={frame} pan={pan} />
        <span className="pointer-events-none absolute bottom-2 end-2 rounded-control bg-raised px-1.5 text-meta text-faint">
          {formatCount(Math.round(view.scale * 100))}&nbsp;%
        </span>
      </div>
      <p id={`${id}-hint`} className="mt-1.5 text-meta text-faint">
        {texts.hint}
      </p>
    </div>
  );
}
