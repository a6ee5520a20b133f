import { cx } from "@/lib/cx";
import { textSize } from "@/lib/text-size";
import { visible } from "@/lib/visible";
import { architecture as texts } from "@/texts/architecture";

import type { Chart, ChartNode } from "./chart";
import { outline, type Box, type Route } from "./layout";

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

interface TileProps {
  id: string;
  /** What the shared looks of the drawing are called after. */
  marker: string;
  box: Box;
  node: ChartNode;
  scale: number;
  selected: boolean;
  focused: boolean;
  /** Whether another box is looked at that this one has nothing to do with. */
  faded: boolean;
  onOpen: () => void;
  onHover: (over: boolean) => void;
}

/** One box. */
export function Tile({ id, marker, box, node, scale, selected, focused, faded, onOpen, onHover }: TileProps) {
  const name = visible(node.label || texts.root);
  const whole = visible(node.id) || texts.root;
  const letter = Math.max(LETTER, (LEAST_LETTER * textSize()) / scale);
  const both = box.height >= letter * 2.6;
  // What is not read is hatched: its words keep a ground of their own.
  const ground = node.unread ? { paintOrder: "stroke", stroke: "var(--subtle)", strokeWidth: 4, strokeLinejoin: "round" as const } : {};
  return (
    <g
      id={id}
      role="img"
      aria-label={`${whole}, ${visible(node.detail)}${node.cyclic ? `, ${texts.inCycle}` : ""}`}
      transform={`translate(${box.x} ${box.y})`}
      className="cursor-pointer"
      onClick={onOpen}
      onPointerEnter={(event) => event.pointerType === "mouse" && onHover(true)}
      onPointerLeave={() => onHover(false)}
    >
      <title>{whole}</title>
      <rect
        width={box.width}
        height={box.height}
        rx={6}
        className={cx(focused && "group-focus-visible:[stroke:var(--focus)] group-focus-visible:[stroke-width:3]")}
        fill={node.unread ? `url(#${marker}-unread)` : "var(--raised)"}
        strokeDasharray={node.unread && "4 3"}
        stroke={selected ? "var(--accent)" : node.cyclic ? "var(--critical)" : "var(--control)"}
        strokeOpacity={faded ? 0.35 : 1}
        strokeWidth={selected ? 2.5 : node.cyclic ? 1.5 : 1}
      />
      <text {...ground} x={8} y={both ? box.height / 2 - 2 : box.height / 2 + letter / 3} fontSize={letter} fontWeight={500} fill={faded ? "var(--muted)" : "var(--text)"}>
        {cut(name, box.width, letter)}
      </text>
      {both && (
        <text {...ground} x={8} y={box.height / 2 + letter} fontSize={letter - 1} fill="var(--faint)">
          {visible(cut(node.cyclic ? `${texts.inCycle}${FACTS}${node.detail}` : node.detail, box.width, letter - 1))}
        </text>
      )}
    </g>
  );
}
