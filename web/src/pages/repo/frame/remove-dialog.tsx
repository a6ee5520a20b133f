import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { removeRepo } from "@/api/mutations/repos";
import { analysesQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";
import { repo as texts } from "@/texts/repo";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { fieldLook } from "@/ui/field";
import { Location } from "@/ui/location";
import { Problem } from "@/ui/problem";

/** Names what is lost, and asks for the name: this cannot be undone. */
export default function RemoveDialog({ repo, onClose }: { repo: Repo; onClose: () => void }) {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const runs = useQuery(analysesQuery(ws, repo.slug));
  const remove = useMutation(removeRepo(ws));
  const offline = useOffline();
  const matches = name === repo.name;
  const submit = async () => {
    try {
      await remove.mutateAsync(repo.slug);
    } catch {
      return; // It is shown below the field.
    }
    // The event may have taken this dialog and its page away by now; the list is wanted all the same.
    await navigate({ to: "/w/$ws/repos", params: { ws } });
  };
  return (
    <Dialog title={texts.removeTitle(visible(repo.name))} onClose={onClose}>
      <form
        className="flex flex-col gap-3 text-dense"
        onSubmit={(event) => {
          event.preventDefault();
          if (matches && !offline) void submit();
        }}
      >
        <Location text={repo.source.location} />
        <p className="text-muted">{texts.removeText(runs.data?.total ?? 0)}</p>
        <label className="flex flex-col gap-1">
          <span className="font-medium">{texts.nameField}</span>
          <input className={fieldLook} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        {remove.error && <Problem error={remove.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button look="primary" type="submit" busy={remove.isPending} blocked={offline ?? (matches ? undefined : texts.nameField)}>
            {texts.removeConfirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
