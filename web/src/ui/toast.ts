import { common } from "@/texts/common";

interface ToastOptions {
  /** Takes the action back; offered for eight seconds. */
  undo?: () => void;
}

/**
 * Says what became of an action. The toaster is loaded with the first word it has to say. A toast is never the only
 * place where an error or an action can be found.
 */
export function toast(message: string, options: ToastOptions = {}): void {
  void import("./toaster").then(({ show }) =>
    // A toast is plain text: the marks around code are left out.
    show(message.replaceAll("`", ""), {
      duration: 8000,
      ...(options.undo ? { action: { label: common.undo, onClick: options.undo } } : {}),
    }),
  );
}
