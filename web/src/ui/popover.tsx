import { useCallback, useId, useRef, useState, type ReactNode } from "react";

import { cx } from "@/lib/cx";

interface Props {
  /** The accessible name of the opened part. */
  label: string;
  /** What opens it. */
  trigger: ReactNode;
  triggerClass?: string;
  triggerLabel?: string;
  className?: string;
  children: (close: () => void) => ReactNode;
}

const GAP = 6;

/** What can be chosen in an open popover; of radio buttons, the one that Tab reaches. */
const choices = (panel: HTMLElement | null): HTMLElement[] => [
  ...(panel?.querySelectorAll<HTMLElement>("a[href], button, input:not([type=radio]), input[type=radio]:checked") ?? []),
];

/**
 * Opens beside its trigger, closes on Escape or a click elsewhere, and gives the focus back: the browser's own
 * popover, placed by hand because anchor positioning is not everywhere yet.
 */
export function Popover({ label, trigger, triggerClass, triggerLabel, className, children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => {
    panel.current?.hidePopover();
    button.current?.focus();
  }, []);

  const place = () => {
    const anchor = button.current?.getBoundingClientRect();
    const box = panel.current;
    if (!anchor || !box) return;
    const left = Math.max(8, Math.min(anchor.left, innerWidth - box.offsetWidth - 8));
    const below = anchor.bottom + GAP;
    const fits = below + box.offsetHeight <= innerHeight - 8;
    const top = fits ? below : Math.max(8, anchor.top - GAP - box.offsetHeight);
    box.style.left = `${left}px`;
    box.style.top = `${top}px`;
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-expanded={open}
        aria-label={triggerLabel}
        className={triggerClass}
      >
        {trigger}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="group"
        aria-label={label}
        onToggle={(event) => {
          const opened = event.newState === "open";
          setOpen(opened);
          if (!opened) return;
          requestAnimationFrame(() => {
            place();
            choices(panel.current)[0]?.focus({ preventScroll: true });
          });
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          // Radio buttons have arrows of their own.
          if (!step || event.target instanceof HTMLInputElement) return;
          event.preventDefault();
          const all = choices(panel.current);
          const at = all.findIndex((each) => each === document.activeElement);
          all[(at + step + all.length) % all.length]?.focus();
        }}
        className={cx("fixed inset-auto m-0 max-w-[calc(100vw-16px)] rounded-card border-0 bg-raised p-0 text-text shadow-overlay", className)}
      >
        {open && children(close)}
      </div>
    </>
  );
}

/** One line of a menu inside a popover. */
export const menuItem =
  "tap flex w-full items-center gap-2 rounded-control px-2 text-start text-dense text-text hover:bg-sunken";
