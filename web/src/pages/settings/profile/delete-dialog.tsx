import { useNavigate } from "@tanstack/react-router";

import { deleteMe } from "@/api/account";
import { leaving } from "@/api/signed-in";
import { queryClient } from "@/api/client";
import type { Me } from "@/api/types";
import { useSession } from "@/api/workspace";
import { visible } from "@/lib/visible";
import { own as texts } from "@/texts/own-settings";
import { Dialog } from "@/ui/dialog";
import { Form } from "@/ui/form";
import { toast } from "@/ui/toast";

/** Names what is lost, and asks for the handle and the password: this cannot be undone. */
export default function DeleteDialog({ me, onClose }: { me: Me; onClose: () => void }) {
  const session = useSession();
  const navigate = useNavigate();
  const { handle } = me.user;
  const remove = async ({ current = "" }: Record<string, string>) => {
    leaving.now = true;
    try {
      await deleteMe(current || undefined);
      await import("@/offline/kept").then(({ forget }) => forget());
      queryClient.clear();
      await navigate({ to: "/" });
      toast(texts.deleted);
    } finally {
      leaving.now = false;
    }
  };
  return (
    <Dialog title={texts.deleteTitle} onClose={onClose}>
      <p className="mb-4 text-dense text-muted">{texts.deleteWarning(visible(session.workspace.name))}</p>
      <Form
        username={me.email ?? undefined}
        fields={[
          {
            name: "handle",
            label: texts.deleteField(handle),
            autoComplete: "off",
            check: (typed) => (typed.trim() === handle ? undefined : texts.deleteField(handle)),
          },
          ...(me.password_at
            ? [{ name: "current", label: texts.current, kind: "password" as const, autoComplete: "current-password" }]
            : []),
        ]}
        action={texts.deleteConfirm}
        autoFocus
        send={remove}
      />
    </Dialog>
  );
}
