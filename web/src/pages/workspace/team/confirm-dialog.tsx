import { useState } from "react";

import { common } from "@/texts/common";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Problem } from "@/ui/problem";

interface Props {
  title: string;
  text: string;
  action: string;
  send: () => Promise<unknown>;
  onClose: () => void;
}

/** Says what follows, before something that cannot be taken back. */
export default function ConfirmDialog({ title, text, action, send, onClose }: Props) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const go = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await send();
      onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="text-dense text-muted">{text}</p>
      {failure !== undefined && (
        <div className="mt-3">
          <Problem error={failure} />
        </div>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {common.cancel}
        </Button>
        <Button look="primary" busy={busy} onClick={() => void go()}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
