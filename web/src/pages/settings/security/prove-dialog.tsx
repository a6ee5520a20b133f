import { useState } from "react";

import { removeSecondFactor, renewRecoveryCodes } from "@/api/second-factor";
import type { Me } from "@/api/types";
import { secondFactor as texts } from "@/texts/second-factor";
import { Dialog } from "@/ui/dialog";
import { Form } from "@/ui/form";

import { anyCodeField, presentPassword } from "./fields";
import { RecoveryCodes } from "./recovery-codes";

interface Props {
  me: Me;
  /** Other recovery codes are wanted; without it, the second factor is to go. */
  renew?: boolean;
  onClose: () => void;
  onDone: () => void;
}

/** Asks for password and code together, before the second factor itself is changed. */
export default function ProveDialog({ me, renew = false, onClose, onDone }: Props) {
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes) {
    return (
      <Dialog title={texts.codesTitle} stays>
        <RecoveryCodes codes={codes} onDone={onDone} />
      </Dialog>
    );
  }
  return (
    <Dialog title={renew ? texts.renewTitle : texts.removeTitle} onClose={onClose}>
      <p className="mb-4 text-dense text-muted">{renew ? texts.renewLead : texts.removeLead}</p>
      <Form
        username={me.email ?? undefined}
        fields={[...(me.password_at ? [presentPassword] : []), anyCodeField]}
        action={renew ? texts.renew : texts.remove}
        autoFocus
        send={async ({ current, code = "" }) => {
          if (renew) return setCodes(await renewRecoveryCodes(code.trim(), current));
          await removeSecondFactor(code.trim(), current);
          onDone();
        }}
      />
    </Dialog>
  );
}
