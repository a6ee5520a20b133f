import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { Toaster, toast as sonner, type ExternalToast } from "sonner";
import "sonner/dist/styles.css";

let ready: Promise<void> | undefined;

/** Shows a toast; the first call puts the toaster into the page. */
export async function show(message: string, options: ExternalToast): Promise<void> {
  ready ??= mount();
  await ready;
  sonner(message, options);
}

/** Puts the toaster into the page, and waits until it listens: what is said before that would be lost. */
function mount(): Promise<void> {
  const host = document.createElement("div");
  document.body.append(host);
  return new Promise((listens) => createRoot(host).render(<Host onListens={listens} />));
}

function Host({ onListens }: { onListens: () => void }) {
  // The toaster subscribes in an effect, and those of what is inside come first.
  useEffect(onListens, [onListens]);
  return (
    <Toaster
      position="bottom-right"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-80 items-center gap-3 rounded-card bg-raised px-4 py-3 text-dense text-text shadow-overlay",
          actionButton: "ms-auto min-h-6 shrink-0 font-medium text-accent hover:underline",
        },
      }}
    />
  );
}
