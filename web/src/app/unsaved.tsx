/** The dialog before a sign-out that would lose changes. It has a root of its own: what asks for it may have closed. */
import { createRoot } from "react-dom/client";

import { offline as texts } from "@/texts/offline";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

/** Whether somebody leaves although so many changes are not saved. */
export function leavesAll(count: number): Promise<boolean> {
  return new Promise((resolve) => {
    const host = document.createElement("div");
    document.body.append(host);
    const root = createRoot(host);
    const done = (leaves: boolean) => () => {
      root.unmount();
      host.remove();
      resolve(leaves);
    };
    root.render(
      <Dialog title={texts.unsaved} onClose={done(false)}>
        <div className="flex flex-col gap-4 text-dense">
          <p>{texts.unsavedLead(count)}</p>
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={done(true)}>
              {texts.loseThem}
            </Button>
            <Button look="primary" onClick={done(false)}>
              {texts.stay}
            </Button>
          </div>
        </div>
      </Dialog>,
    );
  });
}
