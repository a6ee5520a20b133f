import { useMutation } from "@tanstack/react-query";

import { clearCaches } from "@/api/admin";
import { sayAfter } from "@/lib/say-after";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";
import { caches as texts } from "@/texts/operation";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";

/** Says what gets slower, before values are forgotten: of one family, or of all. */
export default function ClearDialog({ family, onClose }: { family: string | undefined; onClose: () => void }) {
  const clear = useMutation(clearCaches);
  const go = () =>
    sayAfter(clear, family, () => toast(texts.cleared), { onSuccess: onClose });
  return (
    <Dialog title={family === undefined ? texts.clearAllTitle : texts.clearTitle(visible(family))} onClose={onClose}>
      <p className="text-dense text-muted">{texts.clearText}</p>
      {clear.error && (
        <div className="mt-3">
          <Problem error={clear.error} />
        </div>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {common.cancel}
        </Button>
        <Button look="primary" busy={clear.isPending} onClick={go}>
          {family === undefined ? texts.clearAll : texts.clear}
        </Button>
      </div>
    </Dialog>
  );
}
