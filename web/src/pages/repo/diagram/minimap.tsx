import type { RefObject } from "react";

import { architecture as texts } from "@/texts/architecture";

import type { Drawing } from "./layout";
import type { View } from "./view";

const [WIDTH, HEIGHT] = [148, 96];

interface Props {
  drawing: Drawing;
  view: View;
  frame: RefObject<HTMLDivElement | null>;
  /** Moves the drawing, in pixels of the frame. */
  pan: (dx: number, dy: number) => void;
}

/**
 * Where the frame is on a drawing that does not fit into it; a press moves the frame there. The keys of the drawing do
 * the same, so that nobody needs it.
 */
export function Minimap({ drawing, view, frame, pan }: Props) {
  const box = frame.current;
  if (!box) return null;
  const seen = { x: -view.x / view.scale, y: -view.y / view.scale, width: box.clientWidth / view.scale, height: box.clientHeight / view.scale };
  const whole = seen.x <= drawing.left + 1 && seen.y <= 1 && seen.x + seen.width >= drawing.left + drawing.width - 1 && seen.y + seen.height >= drawing.height - 1;
  if (whole) return null;
  const scale = Math.min(WIDTH / drawing.width, HEIGHT / drawing.height);
  return (
    <svg
      aria-hidden
      width={drawing.width * scale}
      height={drawing.height * scale}
      viewBox={`${drawing.left} 0 ${drawing.width} ${drawing.height}`}
      className="absolute bottom-2 start-2 cursor-crosshair overflow-hidden rounded-control border border-line bg-raised max-sm:hidden"
      onPointerDown={(event) => {
        const { left, top } = event.currentTarget.getBoundingClientRect();
        const [x, y] = [(event.clientX - left) / scale + drawing.left, (event.clientY - top) / scale];
        pan((seen.x + seen.width / 2 - x) * view.scale, (seen.y + seen.height / 2 - y) * view.scale);
      }}
    >
      <title>{texts.minimap}</title>
      {drawing.boxes.map((each) => (
        <rect key={each.index} x={each.x} y={each.y} width={each.width} height={each.height} fill="var(--control)" opacity={0.55} />
      ))}
      <rect {...seen} fill="var(--accent)" fillOpacity={0.12} stroke="var(--accent)" strokeWidth={1.5 / scale} data-seen />
    </svg>
  );
}
