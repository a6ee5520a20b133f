import { reconnectHost } from "@/api/hosts";
import type { Host } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { tokenField } from "@/host/connect-form";
import { visible } from "@/lib/visible";
import { hosts as texts } from "@/texts/hosts";
import { Dialog } from "@/ui/dialog";
import { Form } from "@/ui/form";

/** Gives a connection another token of the same account. */
export default function ReconnectDialog({ host, onClose, onDone }: { host: Host; onClose: () => void; onDone: () => void }) {
  const ws = useWorkspace();
  return (
    <Dialog title={texts.reconnectTitle(visible(host.login))} onClose={onClose}>
      <p className="mb-4 text-dense text-muted">{texts.reconnectLead}</p>
      <Form
        fields={[tokenField]}
        action={texts.give}
        autoFocus
        send={async ({ token = "" }) => {
          await reconnectHost(ws, host.id, token.trim());
          onDone();
        }}
      />
    </Dialog>
  );
}
