import type { Graph, GraphModule } from "@/api/types";
import { cx } from "@/lib/cx";
import { formatCount, visible } from "@/lib/format";
import { architecture as texts } from "@/texts/architecture";

import { outline, type Box, type Route } from "./layout";

/** Names are never smaller on the screen, however far the drawing is zoomed out. */
const LEAST_LETTER = 10;
const LETTER = 12;
/** The width of an average letter, by its height. */
const SLIM = 0.58;

/** The ends of edges. */
export function Arrowheads({ id }: { id: string }) {
  const colours = { arrow: "--control", near: "--accent", cycle: "--critical" };
  return (
    <defs>
      {Object.entries(colours).map(([name, colour]) => (
        <marker key={name} id={`${id}-${name}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">
          <path d="M0 1 7 4 0 7z" fill={`var(${colour})`} />
        </marker>
      ))}
    </defs>
  );
}

/** The ways between the modules. Those of the module that is looked at stand out; the others step back. */
export function Ways({ graph, routes, marker, active }: { graph: Graph; routes: readonly Route[]; marker: string; active: number }) {
  const isNear = (route: Route) => {
    const edge = graph.edges[route.index];
    return edge?.from === active || edge?.to === active;
  };
  // What stands out is drawn last, above the rest.
  const order = active < 0 ? routes : [...routes].sort((a, b) => Number(isNear(a)) - Number(isNear(b)));
  return (
    <g fill="none">
      {order.map((route) => {
        const edge = graph.edges[route.index];
        const [from, to] = [graph.modules[edge?.from ?? -1], graph.modules[edge?.to ?? -1]];
        if (!edge || !from || !to) return null;
        const cycle = from.cyclic && to.cyclic && from.layer === to.layer;
        const near = isNear(route);
        const look = cycle ? "cycle" : near ? "near" : "arrow";
        return (
          <path
            key={route.index}
            d={outline(route.points)}
            stroke={`var(${{ cycle: "--critical", near: "--accent", arrow: "--control" }[look]})`}
            strokeOpacity={near ? 1 : active < 0 ? 0.55 : 0.12}
            strokeWidth={near ? 2 : 1 + Math.min(1, Math.log10(edge.count) / 2)}
            strokeDasharray={cycle ? "5 3" : undefined}
            markerEnd={near || active < 0 ? `url(#${marker}-${look})` : undefined}
            data-near={near || undefined}
          />
        );
      })}
    </g>
  );
}

interface TileProps {
  id: string;
  box: Box;
  module: GraphModule;
  scale: number;
  selected: boolean;
  focused: boolean;
  /** Whether another module is looked at that this one has nothing to do with. */
  faded: boolean;
  onOpen: () => void;
  onHover: (over: boolean) => void;
}

/** One module. */
export function Tile({ id, box, module, scale, selected, focused, faded, onOpen, onHover }: TileProps) {
  const name = visible(module.label || texts.root);
  const letter = Math.max(LETTER, LEAST_LETTER / scale);
  const room = Math.max(2, Math.floor((box.width - 16) / (letter * SLIM)));
  const shown = name.length > room ? `${name.slice(0, room - 1)}…` : name;
  const both = box.height >= letter * 2.6;
  return (
    <g
      id={id}
      role="img"
      aria-label={`${visible(module.path) || texts.root}, ${texts.columns.code} ${formatCount(module.code)}${module.cyclic ? `, ${texts.inCycle}` : ""}`}
      transform={`translate(${box.x} ${box.y})`}
      className="cursor-pointer"
      onClick={onOpen}
      onPointerEnter={(event) => event.pointerType === "mouse" && onHover(true)}
      onPointerLeave={() => onHover(false)}
    >
      <title>{visible(module.path) || texts.root}</title>
      <rect
        width={box.width}
        height={box.height}
        rx={6}
        className={cx(focused && "group-focus-visible:[stroke:var(--focus)] group-focus-visible:[stroke-width:3]")}
        fill="var(--raised)"
        stroke={selected ? "var(--accent)" : module.cyclic ? "var(--critical)" : "var(--control)"}
        strokeOpacity={faded ? 0.35 : 1}
        strokeWidth={selected ? 2.5 : module.cyclic ? 1.5 : 1}
      />
      <text x={8} y={both ? box.height / 2 - 2 : box.height / 2 + letter / 3} fontSize={letter} fontWeight={500} fill={faded ? "var(--muted)" : "var(--text)"}>
        {shown}
      </text>
      {both && (
        <text x={8} y={box.height / 2 + letter} fontSize={letter - 1} fill="var(--faint)">
          {formatCount(module.code)}
          {module.cyclic ? ` · ${texts.inCycle}` : ""}
        </text>
      )}
    </g>
  );
}
