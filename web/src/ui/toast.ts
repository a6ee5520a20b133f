import { common } from "@/texts/common";

interface ToastOptions {
  /** Takes the action back; offered for eight seconds. */
  undo?: () => void;
}

/** The last action that can be taken back, as long as that is offered. */
let last: { undo: () => void; until: number } | undefined;

/** How long it is offered, in milliseconds. */
const OFFERED = 8000;

/** Takes an action back, once. */
function take(undo: () => void): void {
  if (last?.undo === undo) last = undefined;
  undo();
}

/** Takes the last action back, if it still can be; whether there was one. */
export function undoLast(): boolean {
  const found = last && last.until > Date.now() ? last : undefined;
  last = undefined;
  found?.undo();
  return found !== undefined;
}

/**
 * Says what became of an action. The toaster is loaded with the first word it has to say. A toast is never the only
 * place where an error or an action can be found.
 */
export function toast(message: string, options: ToastOptions = {}): void {
  const { undo } = options;
  if (undo) last = { undo, until: Date.now() + OFFERED };
  void import("./toaster").then(({ show }) =>
    // A toast is plain text: the marks around code are left out.
    show(message.replaceAll("`", ""), {
      duration: OFFERED,
      ...(undo ? { action: { label: common.undo, onClick: () => take(undo) } } : {}),
    }),
  );
}
