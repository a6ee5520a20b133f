import { cx } from "@/lib/cx";
import { textSize } from "@/lib/text-size";
import { visible } from "@/lib/visible";
import { architecture as texts } from "@/texts/architecture";

import type { Chart, ChartNode } from "./chart";
import { HEAD, outline, type Box, type Route } from "./layout";
import type { Spot } from "./open";

/** Names are never smaller on the screen, however far the drawing is zoomed out; larger where the reader wants larger text. */
const LEAST_LETTER = 10;
const LETTER = 12;
/** The width of an average letter, by its height. */
const SLIM = 0.58;

/** What stands between the facts about a box. */
const FACTS = " · ";

/** The ends of edges, and the look of what is not read. */
export function Arrowheads({ id }: { id: string }) {
  const colours = { arrow: "--control", near: "--accent", cycle: "--critical" };
  return (
    <defs>
      {Object.entries(colours).map(([name, colour]) => (
        <marker key={name} id={`${id}-${name}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">
          <path d="M0 1 7 4 0 7z" fill={`var(${colour})`} />
        </marker>
      ))}
      <pattern id={`${id}-unread`} width={7} height={7} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width={7} height={7} fill="var(--subtle)" />
        <path d="M0 0V7" stroke="var(--control)" strokeWidth={1.5} strokeOpacity={0.45} />
      </pattern>
    </defs>
  );
}

interface WaysProps {
  chart: Chart;
  /** The edges that are part of a circle. */
  circles: ReadonlySet<number>;
  routes: readonly Route[];
  marker: string;
  /** `near`: those of the box that is looked at; `far`: those behind them; `plain`: nothing is looked at. */
  look: "plain" | "near" | "far";
}

/** The ways between the boxes. Those of the box that is looked at stand out; the others step back. */
export function Ways({ chart, circles, routes, marker, look }: WaysProps) {
  return (
    <g fill="none">
      {routes.map((route) => {
        const edge = chart.edges[route.index];
        if (!edge) return null;
        const circle = circles.has(route.index);
        const colour = circle ? "cycle" : look === "near" ? "near" : "arrow";
        return (
          <path
            key={route.index}
            d={outline(route.points)}
            stroke={`var(${{ cycle: "--critical", near: "--accent", arrow: "--control" }[colour]})`}
            strokeOpacity={{ plain: 0.55, near: 1, far: 0.12 }[look]}
            strokeWidth={look === "near" ? 2 : 1 + Math.min(1, Math.log10(edge.count) / 2)}
            strokeDasharray={circle ? "5 3" : undefined}
            markerEnd={look === "far" ? undefined : `url(#${marker}-${colour})`}
            data-near={look === "near" || undefined}
          />
        );
      })}
    </g>
  );
}

/** As much of a text as fits into a box: whole facts of several, where one fits, or else the beginning. */
function cut(text: string, width: number, letter: number): string {
  const room = Math.max(2, Math.floor((width - 16) / (letter * SLIM)));
  if (text.length <= room) return text;
  const fact = text.lastIndexOf(FACTS, room);
  return fact > 0 ? text.slice(0, fact) : `${text.slice(0, room - 1)}…`;
}

/** Where boxes move to when another one opens, they go and do not jump; at once for those who want no movement. */
export const MOVES = "transition-transform duration-200 ease-out";

/** The half of the button that opens a box, on the screen, as far as the box has room for it. */
const KNOB = 10;
const LARGEST_KNOB = 20;

interface TileProps {
  id: string;
  /** What the shared looks of the drawing are called after. */
  marker: string;
  box: Box;
  node: ChartNode;
  spot: Spot;
  scale: number;
  selected: boolean;
  focused: boolean;
  /** Whether another box is looked at that this one has nothing to do with. */
  faded: boolean;
  onOpen: () => void;
  /** Opens it in its place, or closes it. */
  onToggle: () => void;
  onHover: (over: boolean) => void;
}

/** One box; around what is in it, where that is drawn. */
export function Tile({ id, marker, box, node, spot, scale, selected, focused, faded, onOpen, onToggle, onHover }: TileProps) {
  const name = visible(node.label || texts.root);
  const whole = visible(node.id) || texts.root;
  const letter = Math.max(LETTER, (LEAST_LETTER * textSize()) / scale);
  const frame = spot.holds.length > 0;
  const height = frame ? HEAD : box.height;
  const both = !frame && box.height >= letter * 2.6;
  const knob = spot.state === "leaf" ? 0 : Math.min(LARGEST_KNOB, Math.max(KNOB, KNOB / scale));
  const width = box.width - knob;
  // What is not read is hatched: its words keep a ground of their own.
  const ground = node.unread ? { paintOrder: "stroke", stroke: "var(--subtle)", strokeWidth: 4, strokeLinejoin: "round" as const } : {};
  const detail = spot.state === "open" && !frame ? texts.holdsNothing : node.detail;
  const state = { leaf: "", closed: "", coming: `, ${texts.opening}`, failed: `, ${texts.notRead}`, open: `, ${texts.isOpen}` }[spot.state];
  return (
    <g
      id={id}
      role="img"
      aria-label={`${whole}, ${visible(detail)}${node.cyclic ? `, ${texts.inCycle}` : ""}${state}`}
      style={{ transform: `translate(${box.x}px, ${box.y}px)` }}
      className={cx("cursor-pointer", MOVES)}
      data-open={frame || undefined}
      onClick={onOpen}
      onPointerEnter={(event) => event.pointerType === "mouse" && onHover(true)}
      onPointerLeave={() => onHover(false)}
    >
      <title>{whole}</title>
      <rect
        width={box.width}
        height={box.height}
        rx={frame ? 10 : 6}
        className={cx(focused && "group-focus-visible:[stroke:var(--focus)] group-focus-visible:[stroke-width:3]")}
        fill={node.unread ? `url(#${marker}-unread)` : frame ? "var(--sunken)" : "var(--raised)"}
        strokeDasharray={node.unread && "4 3"}
        stroke={selected ? "var(--accent)" : node.cyclic ? "var(--critical)" : "var(--control)"}
        strokeOpacity={faded ? 0.35 : 1}
        strokeWidth={selected ? 2.5 : node.cyclic ? 1.5 : 1}
      />
      <text {...ground} x={frame ? 14 : 8} y={both ? height / 2 - 2 : height / 2 + letter / 3} fontSize={letter} fontWeight={frame ? 600 : 500} fill={faded ? "var(--muted)" : "var(--text)"}>
        {cut(frame ? `${name}${FACTS}${visible(detail)}` : name, width, letter)}
      </text>
      {both && (
        <text {...ground} x={8} y={box.height / 2 + letter} fontSize={letter - 1} fill="var(--faint)">
          {visible(cut(node.cyclic ? `${texts.inCycle}${FACTS}${detail}` : detail, width, letter - 1))}
        </text>
      )}
      {knob > 0 && <Knob x={box.width} y={height / 2} size={knob} open={spot.state !== "closed"} busy={spot.state === "coming"} name={whole} onToggle={onToggle} />}
    </g>
  );
}

interface KnobProps {
  x: number;
  y: number;
  /** Half of its width. */
  size: number;
  open: boolean;
  busy: boolean;
  name: string;
  onToggle: () => void;
}

/** The button that opens a box, on its edge where no way leads; keys and the table do the same. */
function Knob({ x, y, size, open, busy, name, onToggle }: KnobProps) {
  const arm = size * 0.45;
  return (
    <g
      transform={`translate(${x} ${y})`}
      data-knob
      className={cx("cursor-pointer", busy && "opacity-55")}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      <title>{open ? texts.closeBox(name) : texts.openBox(name)}</title>
      {/* A finger hits what is around it, too. */}
      <circle r={size * 1.4} fill="transparent" />
      <circle r={size} fill="var(--raised)" stroke="var(--control)" />
      <path d={`M${-arm} 0H${arm}${open ? "" : `M0 ${-arm}V${arm}`}`} stroke="var(--text)" strokeWidth={size * 0.16} strokeLinecap="round" />
    </g>
  );
}
