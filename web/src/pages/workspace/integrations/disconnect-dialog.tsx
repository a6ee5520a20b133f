import { useMutation } from "@tanstack/react-query";
import { Unplug } from "lucide-react";

import { disconnectHost } from "@/api/hosts";
import type { Host } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { sayAfter } from "@/lib/say-after";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";
import { hosts as texts } from "@/texts/hosts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";

/** Says in counts what stays and what goes, before a connection is taken away. */
export default function DisconnectDialog({ host, onClose }: { host: Host; onClose: () => void }) {
  const leave = useMutation(disconnectHost(useWorkspace()));
  const login = visible(host.login);
  // A host that is silent is asked again; one that says no is not.
  const refused = host.state === "token_refused" || host.state === "forbidden";
  const go = () =>
    sayAfter(leave, host.id, () => toast(texts.disconnected(login)), { onSuccess: onClose });
  return (
    <Dialog title={texts.disconnectTitle(login)} onClose={onClose}>
      <div className="flex flex-col gap-2 text-dense text-muted">
        <p>{texts.disconnectRepos(host.repositories.length)}</p>
        <p>{texts.disconnectHooks(host.repositories.filter((each) => each.hook).length, refused)}</p>
      </div>
      {leave.error && (
        <div className="mt-3">
          <Problem error={leave.error} />
        </div>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {common.cancel}
        </Button>
        <Button look="primary" icon={Unplug} busy={leave.isPending} onClick={go}>
          {texts.disconnect}
        </Button>
      </div>
    </Dialog>
  );
}
