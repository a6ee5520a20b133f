import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";

import { updateRepo } from "@/api/mutations/repos";
import type { Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { settings as texts } from "@/texts/settings";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { Problem } from "@/ui/problem";

import { Saved } from "./saved";

/** Which branch is analysed. The server looks for it before it is kept. */
export function BranchForm({ repo }: { repo: Repo }) {
  const id = useId();
  const [branch, setBranch] = useState(repo.branch ?? "");
  const update = useMutation(updateRepo(useWorkspace(), repo.slug));
  const same = branch.trim() === (repo.branch ?? "");
  const offline = useOffline();
  const denied = repo.can.configure ? undefined : texts.denied;
  return (
    <form
      className="flex flex-col gap-2 text-dense"
      onSubmit={(event) => {
        event.preventDefault();
        if (!same && !denied && !offline) update.mutate({ version: repo.version, branch: branch.trim() });
      }}
    >
      <label htmlFor={id} className="font-medium">
        {texts.branchLabel}
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          className={`${fieldLook} sm:w-72`}
          autoComplete="off"
          spellCheck={false}
          placeholder={texts.branchDefault}
          disabled={denied !== undefined}
          value={branch}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setBranch(event.target.value)}
        />
        <Button type="submit" busy={update.isPending} blocked={denied ?? offline ?? (same ? texts.same : undefined)}>
          {texts.save}
        </Button>
      </div>
      <p id={`${id}-hint`} className="max-w-[80ch] text-muted">
        {denied ?? texts.branchHint}
      </p>
      {update.error !== null && <Problem error={update.error} />}
      <Saved repo={repo} shown={update.isSuccess && same} />
    </form>
  );
}
