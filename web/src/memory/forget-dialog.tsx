import { useMutation } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";

import { forgetMemory } from "@/api/mutations/memories";
import type { Memory } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { sayAfter } from "@/lib/say-after";
import { common } from "@/texts/common";
import { memory as words, memoryPeek as texts } from "@/texts/memory";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Problem } from "@/ui/problem";
import { Prose } from "@/ui/prose";
import { toast } from "@/ui/toast";

/** Says what is lost with a memory, and asks once: it cannot be taken back. */
export default function ForgetDialog({ memory, onDone, onClose }: { memory: Memory; onDone: () => void; onClose: () => void }) {
  const forget = useMutation(forgetMemory(useWorkspace()));
  return (
    <Dialog title={texts.forgetTitle} onClose={onClose}>
      <form
        className="flex flex-col gap-3 text-dense"
        onSubmit={(event) => {
          event.preventDefault();
          sayAfter(forget, memory, () => toast(words.forgotten), {
            onSuccess: () => {
              onClose();
              onDone();
            },
          });
        }}
      >
        <p className="font-medium [overflow-wrap:anywhere]">
          <Prose text={memory.title} />
        </p>
        <p className="text-muted">{texts.forgetLead(memory.evidence.length, memory.tags.length)}</p>
        <p className="text-muted">{texts.forgetInstead}</p>
        {forget.error && <Problem error={forget.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" look="primary" icon={Trash2} busy={forget.isPending}>
            {texts.forgetIt}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
