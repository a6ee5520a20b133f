import { useRef, type RefObject } from "react";

import { readSetting, writeSetting } from "@/lib/storage";
import { shell } from "@/texts/shell";

const [LEAST, MOST, STEP] = [360, 720, 20];
const SETTING = "peek";

const within = (width: number): number => Math.round(Math.max(LEAST, Math.min(MOST, width)));

/** The width that was chosen in this browser, in pixels; `undefined` for the usual one. */
export function chosenWidth(): number | undefined {
  const width = Number(readSetting(SETTING) ?? "");
  return width >= LEAST && width <= MOST ? width : undefined;
}

/** The edge of the panel that changes its width: dragged, or with the arrows. Enter and a double click bring the usual one back. */
export function ResizeEdge({ panel }: { panel: RefObject<HTMLElement | null> }) {
  const edge = useRef<HTMLDivElement>(null);
  const width = () => Math.round(panel.current?.getBoundingClientRect().width ?? LEAST);
  const set = (wanted: number | undefined) => {
    if (wanted === undefined) panel.current?.style.removeProperty("--peek");
    else panel.current?.style.setProperty("--peek", `${within(wanted)}px`);
    writeSetting(SETTING, wanted === undefined ? "" : String(within(wanted)));
    edge.current?.setAttribute("aria-valuenow", String(within(width())));
  };
  return (
    <div
      ref={edge}
      role="separator"
      aria-orientation="vertical"
      aria-label={shell.resize}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={chosenWidth() ?? 440}
      tabIndex={0}
      title={shell.resize}
      className="absolute inset-y-0 -start-1 z-10 hidden w-2 cursor-col-resize touch-none hover:bg-accent/30 focus-visible:bg-accent/30 lg:block"
      onFocus={(event) => event.currentTarget.setAttribute("aria-valuenow", String(within(width())))}
      onDoubleClick={() => set(undefined)}
      onKeyDown={(event) => {
        const to = { ArrowLeft: width() + STEP, ArrowRight: width() - STEP, Home: LEAST, End: MOST }[event.key];
        if (to === undefined && event.key !== "Enter") return;
        event.preventDefault();
        event.stopPropagation();
        set(to);
      }}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const box = panel.current?.getBoundingClientRect();
        if (box) set(getComputedStyle(document.documentElement).direction === "rtl" ? event.clientX - box.left : box.right - event.clientX);
      }}
    />
  );
}
