import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";

import { cx } from "@/lib/cx";
import { common } from "@/texts/common";

import { IconButton } from "./button";

interface Props {
  title: string;
  onClose?: () => void;
  /** It cannot be closed: it goes when what it asks for is done. */
  stays?: boolean;
  className?: string;
  /** Without a visible heading and inner margins: the content brings its own. */
  bare?: boolean;
  children: ReactNode;
}

/**
 * A modal dialog: the browser's own, which keeps the focus inside, makes the page inert and gives the focus back,
 * without the style elements that libraries inject and the security policy refuses.
 */
export function Dialog({ title, onClose = () => undefined, stays, className, bare, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the dialog leaves the page: only one that is still in it gives the focus back when it closes.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // A browser closes a dialog at the second Escape whatever the page says.
      onClose={(event) => {
        if (stays && event.currentTarget.isConnected) event.currentTarget.showModal();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
      className={cx("arrive w-[min(520px,calc(100vw-32px))] rounded-dialog bg-raised p-0 text-text shadow-overlay", className)}
    >
      {bare ? (
        <>
          <h2 id={id} className="sr-only">
            {title}
          </h2>
          {children}
        </>
      ) : (
        <>
          <div className="flex items-center justify-between gap-4 border-b border-line px-5 py-3">
            <h2 id={id} className="text-body font-semibold">
              {title}
            </h2>
            {!stays && <IconButton icon={X} label={common.close} onClick={onClose} />}
          </div>
          <div className="p-5">{children}</div>
        </>
      )}
    </dialog>
  );
}
