import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useState } from "react";

import { entered } from "@/api/account";
import { queryClient } from "@/api/client";
import { reposQuery } from "@/api/queries";
import type { WorkspaceDetails } from "@/api/types";
import { LAST } from "@/api/workspace";
import { deleteWorkspace, exportWorkspace } from "@/api/workspaces";
import { saveAs } from "@/lib/save-as";
import { writeSetting } from "@/lib/storage";
import { visible } from "@/lib/visible";
import { forgetWorkspace } from "@/offline/kept";
import { exportsOf } from "@/repo/exports";
import { workspaces as texts } from "@/texts/workspaces";
import { Button, buttonLook } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Form } from "@/ui/form";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";

/** Names what is lost, offers to take it along, and asks for the name: this cannot be undone. */
export default function DeleteDialog({ details: { workspace, holds }, onClose }: { details: WorkspaceDetails; onClose: () => void }) {
  const navigate = useNavigate();
  const name = visible(workspace.name);
  const remove = async ({ name: typed = "" }: Record<string, string>) => {
    await deleteWorkspace(workspace.slug, typed.trim());
    writeSetting(LAST, "");
    // The way in is asked anew: whoever was in no other workspace has one of their own now.
    await entered();
    await navigate({ to: "/" });
    queryClient.removeQueries({ queryKey: ["w", workspace.slug] });
    await forgetWorkspace(workspace.slug);
    toast(texts.deleted(name));
  };
  return (
    <Dialog title={texts.deleteTitle(name)} onClose={onClose}>
      <p className="text-dense text-muted">{texts.deleteLost(holds)}</p>
      <TakeAlong slug={workspace.slug} />
      <Form
        fields={[
          {
            name: "name",
            label: texts.deleteField(name),
            autoComplete: "off",
            check: (typed) => (typed.trim() === workspace.name ? undefined : texts.deleteField(name)),
          },
        ]}
        action={texts.deleteConfirm}
        send={remove}
      />
    </Dialog>
  );
}

/** What a file can keep: what people wrote, and each repository's report. */
function TakeAlong({ slug }: { slug: string }) {
  const repos = useQuery(reposQuery(slug)).data?.items ?? [];
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const download = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      saveAs(`devmentor-${slug}.json`, JSON.stringify(await exportWorkspace(slug), null, 2), "application/json");
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  };
  return (
    <section aria-label={texts.exportFirst} className="my-4 rounded-card border border-line px-4 py-3 text-dense">
      <h3 className="mb-2 font-medium">{texts.exportFirst}</h3>
      <ul className="scroll-thin -mx-1 flex max-h-48 flex-col items-start gap-1 overflow-y-auto p-1">
        <li>
          <Button look="ghost" icon={Download} busy={busy} onClick={() => void download()}>
            {texts.exportAll}
          </Button>
        </li>
        {repos
          .filter(({ latest }) => latest)
          .map((repo) => {
            const [[report]] = exportsOf(slug, repo) as [[string, string]];
            return (
              <li key={repo.id} className="max-w-full">
                <a href={report} download className={buttonLook("ghost", "max-w-full")}>
                  <Download size={14} strokeWidth={1.75} aria-hidden className="shrink-0" />
                  <span className="truncate">{texts.exportReport(visible(repo.name))}</span>
                </a>
              </li>
            );
          })}
      </ul>
      {failure !== undefined && <Problem error={failure} />}
    </section>
  );
}
