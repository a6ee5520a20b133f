import { depart, unlink as takeAway } from "@/api/providers";
import type { Me } from "@/api/types";
import { providers as texts } from "@/texts/providers";
import { Dialog } from "@/ui/dialog";
import { Form } from "@/ui/form";

import { presentPassword } from "./fields";

interface Props {
  me: Me;
  provider: string;
  name: string;
  /** The link is to go; without it, one is to be made. */
  unlink: boolean;
  onClose: () => void;
  onUnlinked: () => void;
}

/** Says what follows, and asks for the password where there is one, before an account is linked or unlinked. */
export default function LinkDialog({ me, provider, name, unlink, onClose, onUnlinked }: Props) {
  const send = async ({ current }: Record<string, string>) => {
    if (!unlink) return location.assign(await depart(provider, { link: true }, current));
    await takeAway(provider, current);
    onUnlinked();
  };
  return (
    <Dialog title={unlink ? texts.unlinkTitle(name) : texts.linkTitle(name)} onClose={onClose}>
      <p className="mb-4 text-dense text-muted">{unlink ? texts.unlinkText(name) : texts.linkText(name)}</p>
      <Form
        username={me.email ?? undefined}
        fields={me.password_at ? [presentPassword] : []}
        action={unlink ? texts.unlinkNamed(name) : texts.link(name)}
        autoFocus
        send={send}
      />
    </Dialog>
  );
}
