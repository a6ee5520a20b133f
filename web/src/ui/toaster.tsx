import { createRoot } from "react-dom/client";
import { Toaster, toast as sonner, type ExternalToast } from "sonner";
import "sonner/dist/styles.css";

let mounted = false;

/** Shows a toast; the first call puts the toaster into the page. */
export function show(message: string, options: ExternalToast): void {
  if (!mounted) {
    mounted = true;
    const host = document.createElement("div");
    document.body.append(host);
    createRoot(host).render(
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
      />,
    );
    // The toaster subscribes in an effect: what is said before that would be lost.
    setTimeout(() => sonner(message, options), 50);
    return;
  }
  sonner(message, options);
}
