import { Maximize, Minus, Plus } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState } from "react";

import { formatCount } from "@/lib/count";
import { architecture as texts } from "@/texts/architecture";
import { Button, IconButton } from "@/ui/button";

import { useDrawn } from "./diagram/drawn";
import { lead, SHOWN, stepped, type Box } from "./diagram/layout";
import { Minimap } from "./diagram/minimap";
import { around, isWanted, keyOf, withContents, type OpenChart } from "./diagram/open";
import { Arrowheads, MOVES, Tile, Ways } from "./diagram/parts";
import { useView, ZOOM } from "./diagram/view";

/** One step of moving by keys, in pixels. */
const STEP = 80;

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Props {
  chart: OpenChart;
  /** The boxes of the level that are drawn at first. */
  base: ReadonlySet<number>;
  /** Whether the level has more boxes than are drawn at first. */
  many: boolean;
  /** The drawing in one sentence. */
  summary: string;
  /** The box that is shown beside the page, or -1. */
  selected: number;
  onOpen: (index: number) => void;
  /** Opens a box in its place, or closes it. */
  onToggle: (index: number) => void;
  /** Looks at what is in a box by itself. */
  onCloser: (index: number) => void;
  /** Looks from further away. */
  onAway: () => void;
  all: boolean;
  onAll: (all: boolean) => void;
}

/** Boxes and arrows: drag to move, pinch, wheel or keys to zoom, arrows to walk; boxes open in their place. */
export default function Diagram({ chart, base, many, summary, selected, onOpen, onToggle, onCloser, onAway, all, onAll }: Props) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const { nodes, edges, spots } = chart;
  const { level, top, shown, circles, drawing, total } = useDrawn(chart, base, selected);
  // What is not read may be all that was left out.
  const fewer = base.size < level.length;
  const chosen = drawing.boxes.find((box) => box.index === selected);
  const { view, fit, zoom, pan, reveal, handlers, dragged } = useView(frame, drawing, top, chosen);
  /** The chain of the box that the arrows have reached: what opens and closes renumbers what is in it. */
  const [walked, setWalked] = useState<readonly string[]>([]);
  const [hovered, setHovered] = useState(-1);
  const reached = walked.map((_, at) => chart.at.get(keyOf(walked.slice(0, walked.length - at)))).find((index) => index !== undefined && shown.has(index));
  const focused = reached ?? drawing.boxes[0]?.index ?? 0;
  const active = shown.has(hovered) ? hovered : selected;
  const near = useMemo(() => {
    const ends = edges.filter((edge) => edge.from === active || edge.to === active).flatMap((edge) => [edge.from, edge.to]);
    return new Set([...withContents(chart, [active, ...ends]), ...around(chart, active)]);
  }, [chart, edges, active]);
  /** All the ways of the box that is looked at, also those that are not drawn otherwise. */
  const looked = useMemo(
    () => (active < 0 ? null : drawing.groups.flatMap((rows) => lead(chart, rows, (edge) => edges[edge]?.from === active || edges[edge]?.to === active))),
    [chart, drawing, edges, active],
  );
  /** The box that was opened last, until it is seen open. */
  const opened = useRef<string | null>(null);
  useEffect(() => {
    const index = opened.current === null ? undefined : chart.at.get(opened.current);
    const box = drawing.boxes.find((each) => each.index === index);
    if (index === undefined || !box || spots[index]?.state === "coming") return;
    opened.current = null;
    reveal(box);
  }, [chart, spots, drawing, reveal]);

  /** Whether all has arrived that the address has open: until then, the drawing begins whole again with what comes. */
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    fit();
    begun.current = !spots.some((spot) => spot.state === "coming");
  }, [spots, drawing, fit]);

  const stand = (index: number) => {
    setWalked(spots[index]?.chain ?? []);
    setHovered(index);
    const box = drawing.boxes.find((each) => each.index === index);
    if (box) reveal(box);
  };
  const toggle = (index: number) => {
    const spot = spots[index];
    if (!spot || spot.state === "leaf") return;
    opened.current = keyOf(spot.chain);
    setWalked(spot.chain);
    setHovered(-1);
    onToggle(index);
  };
  /** Closes the box, or the one that it is in. */
  const close = () => {
    const spot = spots[focused];
    const index = spot && isWanted(spot) ? focused : (spot?.within ?? -1);
    if (index >= 0) toggle(index);
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const within = spots[focused]?.within ?? -1;
    if (arrow && event.shiftKey) pan(-arrow[0] * STEP, -arrow[1] * STEP);
    else if (arrow) stand(stepped(chart, drawing.boxes, focused, arrow[0], arrow[1]));
    else if (event.key === "PageUp") zoom(ZOOM);
    else if (event.key === "PageDown") zoom(1 / ZOOM);
    else if (event.key === "0") fit();
    else if (event.key === "Enter" && spots[focused]?.state !== "leaf") toggle(focused);
    else if (event.key === "Enter" || event.key === " ") onOpen(focused);
    else if ((event.key === "+" || event.key === "=") && spots[focused]?.state === "closed") toggle(focused);
    else if (event.key === "-") close();
    else if (event.key === "Escape" && within >= 0) stand(within);
    else if (event.key === "o") onCloser(focused);
    else if (event.key === "Backspace") onAway();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const tile = (box: Box) => {
    const [node, spot] = [nodes[box.index], spots[box.index]];
    return (
      node &&
      spot && (
        <Tile
          key={keyOf(spot.chain)}
          id={`${id}-${box.index}`}
          marker={id}
          box={box}
          node={node}
          spot={spot}
          scale={view.scale}
          selected={box.index === selected}
          focused={box.index === focused}
          faded={active >= 0 && !near.has(box.index)}
          onHover={(over) => setHovered(over ? box.index : -1)}
          onToggle={() => !dragged() && toggle(box.index)}
          onOpen={() => {
            if (dragged()) return;
            setWalked(spot.chain);
            onOpen(box.index);
          }}
        />
      )
    );
  };
  const frames = drawing.boxes.filter((box) => spots[box.index]?.holds.length);

  return (
    <div className="relative">
      {((many && (all || fewer)) || drawing.routes.length < total) && (
        <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 text-dense text-muted">
          <p role="status">
            {[
              many && (all || fewer) && (all ? texts.allShown(level.length) : texts.heaviest(top.length, level.length)),
              drawing.routes.length < total && texts.strongest(drawing.routes.length, total),
            ]
              .filter(Boolean)
              .join(" ")}
          </p>
          {many && (all || fewer) && (
            <Button aria-pressed={all} onClick={() => onAll(!all)}>
              {all ? texts.showHeaviest(SHOWN) : texts.showAll(level.length)}
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
            <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`} className={view.glides ? MOVES : undefined}>
              {frames.map(tile)}
              {/* Ways come into sight again once the boxes have gone to where they stand. */}
              <g key={frames.map((box) => box.index).join(" ")} className="[animation:appear_240ms_ease-in]">
                <Ways chart={chart} circles={circles} routes={drawing.routes} marker={id} look={looked ? "far" : "plain"} />
                {looked && <Ways chart={chart} circles={circles} routes={looked} marker={id} look="near" />}
              </g>
              {drawing.boxes.filter((box) => !frames.includes(box)).map(tile)}
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
