import { askForAccess } from "@/api/people";
import type { Permission } from "@/api/types";
import { useSession } from "@/api/workspace";
import { visible } from "@/lib/visible";
import { access as texts } from "@/texts/access";
import { team } from "@/texts/team";
import { Dialog } from "@/ui/dialog";
import { Form } from "@/ui/form";

import { noteAsked } from "./asked";

interface Props {
  permission: Permission;
  /** What it allows. */
  words: string | undefined;
  onClose: () => void;
}

/** Sends a request to those who can grant it. */
export default function AskDialog({ permission, words, onClose }: Props) {
  const { user, workspace } = useSession();
  return (
    <Dialog title={texts.ask} onClose={onClose}>
      {words && <p className="mb-4 text-dense text-muted">{`${visible(user.name)} ${team.asks(words)}.`}</p>}
      <Form
        fields={[{ name: "note", label: texts.note, autoComplete: "off", hint: texts.noteHint, optional: true }]}
        action={texts.ask}
        autoFocus
        send={async ({ note = "" }) => {
          const { id, created_at } = await askForAccess(workspace.slug, permission, note);
          noteAsked({ user: user.id, workspace: workspace.id, permission }, { request: id, at: created_at });
          onClose();
        }}
      />
    </Dialog>
  );
}
