import { useEffect, useRef, useState, type ReactNode } from "react";

import { watchSight } from "@/lib/sight";

/** Rows of one part of a table. */
const PART = 50;

/** The height of a row that was never drawn. */
const ROW_PX = 56;

/** How far outside of the window rows are drawn. */
const MARGIN = "1200px 0px";

interface Props<T> {
  items: readonly T[];
  /** How many columns the table has. */
  columns: number;
  children: (item: T, index: number) => ReactNode;
}

/**
 * The rows of a table that may be very long: in parts, of which only those near the window are drawn. The others keep
 * their height, so that nothing moves.
 */
export function Bodies<T>({ items, columns, children }: Props<T>) {
  const parts = Array.from({ length: Math.ceil(items.length / PART) }, (_, part) => part);
  return parts.map((part) => {
    const rows = items.slice(part * PART, (part + 1) * PART);
    return (
      <Body key={part} count={rows.length} columns={columns} near={part < 2}>
        {() => rows.map((item, index) => children(item, part * PART + index))}
      </Body>
    );
  });
}

interface BodyProps {
  count: number;
  columns: number;
  near: boolean;
  children: () => ReactNode;
}

function Body({ count, columns, near, children }: BodyProps) {
  const ref = useRef<HTMLTableSectionElement>(null);
  const [drawn, setDrawn] = useState(near);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    const body = ref.current;
    if (!body) return;
    return watchSight(body, MARGIN, (entry) => {
      // A part with the focus in it stays: the keyboard would lose its place.
      if (!entry.isIntersecting && body.contains(document.activeElement)) return;
      if (!entry.isIntersecting && entry.boundingClientRect.height > 0) setHeight(entry.boundingClientRect.height);
      setDrawn(entry.isIntersecting);
    });
  }, []);
  return (
    <tbody ref={ref}>
      {drawn ? (
        children()
      ) : (
        <tr aria-hidden>
          <td colSpan={columns} style={{ height: height || count * ROW_PX }} />
        </tr>
      )}
    </tbody>
  );
}
