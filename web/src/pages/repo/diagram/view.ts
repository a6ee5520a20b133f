import { useCallback, useEffect, useRef, useState, type PointerEvent, type RefObject } from "react";

import type { Box, Drawing } from "./layout";

/** What part of a drawing is seen, and how large. */
export interface View {
  x: number;
  y: number;
  scale: number;
  /** Whether it goes there, and does not follow a hand. */
  glides?: boolean;
}

const MARGIN = 24;
const [LEAST, MOST] = [0.1, 4];
/** The room at the right edge that the buttons cover. */
const BUTTONS = 48;
/** One step of zooming, by wheel, key or button. */
export const ZOOM = 1.25;
/** A drawing begins whole, as far as its boxes can still be told apart; their names keep 10 pixels whatever the scale. */
const LEAST_AT_FIRST = 0.5;

/** A movement of less is a click. */
const CLICK = 4;

/**
 * Moves and zooms a drawing inside its frame: with the mouse, one or two fingers, or from outside. It begins whole, and
 * does so again with other boxes (`boxes` is another value then), but stays where it is when one of them is opened. The
 * chosen box stays in sight, also when the panel beside the page takes a part of the frame's width.
 */
export function useView(frame: RefObject<HTMLDivElement | null>, drawing: Drawing, boxes: unknown, chosen: Box | undefined) {
  const [view, setView] = useState<View>({ x: MARGIN, y: MARGIN, scale: 1 });
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  /** How far the pointer went since it was pressed. */
  const travelled = useRef(0);

  const whole = useRef(drawing);
  whole.current = drawing;

  /** All of the drawing, as far as its boxes can be told apart: then its middle, from the top. */
  const fit = useCallback(() => {
    const box = frame.current;
    if (!box) return;
    const drawing = whole.current;
    const [width, height] = [box.clientWidth, box.clientHeight];
    const fitting = Math.min(1, (width - 2 * MARGIN) / drawing.width, (height - 2 * MARGIN) / drawing.height);
    const scale = Math.max(LEAST_AT_FIRST, fitting);
    setView({
      scale,
      x: (width - drawing.width * scale) / 2 - drawing.left * scale,
      y: Math.max(MARGIN, (height - drawing.height * scale) / 2),
    });
  }, [frame]);
  useEffect(fit, [fit, boxes]);

  const zoom = useCallback(
    (factor: number, at?: { x: number; y: number }) => {
      setView((old) => {
        const box = frame.current;
        const point = at ?? { x: (box?.clientWidth ?? 0) / 2, y: (box?.clientHeight ?? 0) / 2 };
        const scale = Math.max(LEAST, Math.min(MOST, old.scale * factor));
        const ratio = scale / old.scale;
        return { scale, x: point.x - (point.x - old.x) * ratio, y: point.y - (point.y - old.y) * ratio };
      });
    },
    [frame],
  );

  const pan = useCallback((dx: number, dy: number) => setView(({ scale, x, y }) => ({ scale, x: x + dx, y: y + dy })), []);

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
  }, [frame, zoom]);

  /** Brings a box into the frame. */
  const reveal = useCallback(
    (target: Box) => {
      const box = frame.current;
      if (!box) return;
      setView((old) => {
        const left = target.x * old.scale + old.x;
        const top = target.y * old.scale + old.y;
        const right = left + target.width * old.scale;
        const bottom = top + target.height * old.scale;
        const end = box.clientWidth - BUTTONS;
        // What does not fit shows where it begins.
        const dx = left < 0 ? MARGIN - left : right > end ? Math.max(end - right, MARGIN - left) : 0;
        const dy = top < 0 ? MARGIN - top : bottom > box.clientHeight ? Math.max(box.clientHeight - MARGIN - bottom, MARGIN - top) : 0;
        return dx === 0 && dy === 0 ? old : { scale: old.scale, x: old.x + dx, y: old.y + dy, glides: true };
      });
    },
    [frame],
  );
  const kept = useRef(chosen);
  kept.current = chosen;
  useEffect(() => {
    if (chosen) reveal(chosen);
  }, [chosen, reveal]);
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    let width = box.clientWidth;
    const observer = new ResizeObserver(() => {
      const wider = box.clientWidth - width;
      width += wider;
      // What was in the middle stays there.
      pan(wider / 2, 0);
      if (kept.current) reveal(kept.current);
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [frame, pan, reveal]);

  const lift = (event: PointerEvent) => void pointers.current.delete(event.pointerId);
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (pointers.current.size === 0) travelled.current = 0;
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: (event: PointerEvent) => {
      const last = pointers.current.get(event.pointerId);
      if (!last) return;
      // The button was let go outside of the frame.
      if (event.buttons === 0) return lift(event);
      const now = { x: event.clientX, y: event.clientY };
      const [dx, dy] = [now.x - last.x, now.y - last.y];
      travelled.current += Math.hypot(dx, dy);
      if (travelled.current < CLICK) return;
      pointers.current.set(event.pointerId, now);
      const [other] = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      if (!other) return pan(dx, dy);
      const { left, top } = event.currentTarget.getBoundingClientRect();
      const spread = Math.hypot(last.x - other.x, last.y - other.y);
      pan(dx / 2, dy / 2);
      if (spread > 0) {
        zoom(Math.hypot(now.x - other.x, now.y - other.y) / spread, { x: (now.x + other.x) / 2 - left, y: (now.y + other.y) / 2 - top });
      }
    },
    onPointerUp: lift,
    onPointerCancel: lift,
  };

  return { view, fit, zoom, pan, reveal, handlers, dragged: () => travelled.current >= CLICK };
}
