import { useMutation } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";

import { removeModelProvider } from "@/api/models";
import type { ModelProvider } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { sayAfter } from "@/lib/say-after";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";
import { models as texts } from "@/texts/models";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";

interface Props {
  id: string;
  provider: ModelProvider;
  /** How many of its models are asked. */
  routes: number;
  onClose: () => void;
}

/** Says what goes with a provider, and asks once: its key cannot be had back. */
export default function RemoveDialog({ id, provider, routes, onClose }: Props) {
  const remove = useMutation(removeModelProvider(useWorkspace()));
  const name = visible(provider.name);
  const go = () =>
    sayAfter(
      remove,
      { id, version: provider.version },
      () => toast(texts.removed(name)),
      { onSuccess: onClose },
    );
  return (
    <Dialog title={texts.removeTitle(name)} onClose={onClose}>
      <p className="text-dense text-muted">{texts.removeLead(routes)}</p>
      {remove.error && (
        <div className="mt-3">
          <Problem error={remove.error} />
        </div>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {common.cancel}
        </Button>
        <Button look="primary" icon={Trash2} busy={remove.isPending} onClick={go}>
          {texts.removeIt}
        </Button>
      </div>
    </Dialog>
  );
}
