import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

/** How far from its end a conversation still counts as being there, in pixels. */
const NEAR = 80;

/** What is left free above what is brought to the top, in pixels. */
const MARGIN = 12;

/** Keeps the end of what grows in sight, unless the reader has gone elsewhere. The list holds one element with everything. */
export function useEnd(list: RefObject<HTMLElement | null>): { away: boolean; toEnd: () => void; toTop: (element: Element | undefined) => void } {
  const there = useRef(true);
  const [away, setAway] = useState(false);
  const toEnd = useCallback(() => {
    there.current = true;
    setAway(false);
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [list]);
  const toTop = useCallback(
    (element: Element | undefined) => {
      if (!element || !list.current) return;
      there.current = false;
      list.current.scrollTop += element.getBoundingClientRect().top - list.current.getBoundingClientRect().top - MARGIN;
    },
    [list],
  );
  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const look = () => {
      there.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
      setAway(!there.current);
    };
    const growth = new ResizeObserver(() => (there.current ? toEnd() : look()));
    growth.observe(box);
    if (box.firstElementChild) growth.observe(box.firstElementChild);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      growth.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, [list, toEnd]);
  return { away, toEnd, toTop };
}
