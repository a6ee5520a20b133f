import { useLayoutEffect, type RefObject } from "react";

/** What opened the panel. It outlives one panel, because a link in a panel may open the next. */
let opener: HTMLElement | null = null;

/** Where the focus goes when the panel closes: what opened it, the row that is shown, or the page. */
function back(): HTMLElement | null {
  if (opener?.isConnected) return opener;
  return document.querySelector<HTMLElement>("#page [data-row][aria-current]") ?? document.querySelector<HTMLElement>("#page");
}

/** Moves the focus into a panel that opens, and back when it closes. */
export function usePanelFocus(panel: RefObject<HTMLElement | null>, shown: boolean): void {
  useLayoutEffect(() => {
    const element = panel.current;
    if (!shown || !element) return;
    const active = document.activeElement;
    if (active instanceof HTMLElement && active.closest("#page")) opener = active;
    element.focus({ preventScroll: true });
    return () => {
      // What is asked now is whether the reader was in the panel; one that takes its place has the focus already.
      if (!element.contains(document.activeElement) && document.activeElement !== document.body) return;
      requestAnimationFrame(() => {
        if (document.querySelector("#peek aside") === null) back()?.focus({ preventScroll: true });
      });
    };
  }, [panel, shown]);
}
