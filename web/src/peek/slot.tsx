import { createContext, useContext, type Ref } from "react";

const Slot = createContext<HTMLElement | null>(null);

/** Tells the pages below where the panel beside them is. */
export const PeekSlot = Slot.Provider;

/** Where the panel beside the page is, once the frame stands. */
export const usePeekSlot = (): HTMLElement | null => useContext(Slot);

/** The place of the panel in the frame. */
export function PeekHost({ ref }: { ref: Ref<HTMLDivElement> }) {
  return <div ref={ref} id="peek" tabIndex={-1} className="flex outline-none empty:hidden" />;
}
