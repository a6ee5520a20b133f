import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useRef, type CSSProperties, type ReactNode } from "react";
import { createPortal } from "react-dom";

import { shell } from "@/texts/shell";
import { IconButton } from "@/ui/button";

import { usePanelFocus } from "./focus";
import { chosenWidth, ResizeEdge } from "./resize";
import { usePeekSlot } from "./slot";

interface Props {
  title: ReactNode;
  /** Name of the panel for assistive technology. */
  label: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** An object beside the page: a column on a wide screen, a sheet over the page on a narrow one. */
export function Peek({ title, label, actions, children }: Props) {
  const slot = usePeekSlot();
  const navigate = useNavigate();
  const panel = useRef<HTMLElement>(null);
  usePanelFocus(panel, slot !== null);
  if (!slot) return null;
  const width = chosenWidth();
  const close = () => void navigate({ to: ".", search: ({ peek: _peek, ...rest }) => rest, resetScroll: false });
  return createPortal(
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={label.replaceAll("`", "")}
      className="slide-in outline-none absolute inset-0 z-20 flex min-w-0 flex-col bg-bg sm:start-auto sm:w-[min(440px,85%)] sm:border-s sm:border-line sm:shadow-overlay lg:relative lg:w-[var(--peek,clamp(360px,36vw,560px))] lg:shadow-none"
      style={width === undefined ? undefined : ({ "--peek": `${width}px` } as CSSProperties)}
    >
      <ResizeEdge panel={panel} />
      <header className="flex min-h-12 items-center gap-2 border-b border-line ps-4 pe-2">
        <div className="min-w-0 flex-1">{title}</div>
        {actions}
        <IconButton icon={X} label={shell.closePanel} onClick={close} />
      </header>
      <div className="scroll-thin min-h-0 flex-1 overflow-y-auto">{children}</div>
    </aside>,
    slot,
  );
}
