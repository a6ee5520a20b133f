import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef, useState, type ReactNode } from "react";

import { cx } from "@/lib/cx";
import { common } from "@/texts/common";

import { Button, IconButton } from "./button";
import { useFilled } from "./filled";

interface Props {
  title: string;
  onClose?: () => void;
  /** It cannot be closed: it goes when what it asks for is done. */
  stays?: boolean;
  className?: string;
  /** Its content asks by itself before what was written is given up. */
  asks?: boolean;
  /** Without a visible heading and inner margins: the content brings its own. */
  bare?: boolean;
  children: ReactNode;
}

/**
 * A modal dialog: the browser's own, which keeps the focus inside, makes the page inert and gives the focus back,
 * without the style elements that libraries inject and the security policy refuses. A key, or a click beside it, does not
 * close it over what was filled in: it asks first.
 */
export function Dialog({ title, onClose = () => undefined, stays, asks, className, bare, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const filled = useFilled(ref);
  const [asking, setAsking] = useState(false);
  const goOn = () => {
    setAsking(false);
    filled()?.focus();
  };
  /** What a key or a click beside it does: neither may have been meant for what was filled in. */
  const slip = () => {
    if (asking) return goOn();
    if (bare || asks || !filled()) return onClose();
    setAsking(true);
  };
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
        slip();
      }}
      // A browser closes a dialog at the second Escape whatever the page says.
      onClose={(event) => {
        if (!(stays || filled()) || !event.currentTarget.isConnected) return;
        event.currentTarget.showModal();
        filled()?.focus();
      }}
      onClick={(event) => {
        if (event.target === ref.current) slip();
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
          {asking && (
            <div role="alert" className="sticky bottom-0 flex flex-wrap items-center gap-2 border-t border-line bg-medium-bg px-5 py-3 text-dense">
              <p className="me-auto text-medium">{common.filledIn}</p>
              <Button look="ghost" onClick={onClose}>
                {common.giveUp}
              </Button>
              <Button autoFocus onClick={goOn}>
                {common.goOn}
              </Button>
            </div>
          )}
        </>
      )}
    </dialog>
  );
}
