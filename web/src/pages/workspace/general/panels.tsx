import { Trash2 } from "lucide-react";
import { Suspense, useState } from "react";

import Denied from "@/access/denied";
import { MANAGE_WORKSPACE } from "@/access/names";
import { problemOf, queryClient } from "@/api/client";
import type { Session, WorkspaceDetails } from "@/api/types";
import { renameWorkspace, workspaceQuery } from "@/api/workspaces";
import { formatDay, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { team } from "@/texts/team";
import { workspaces as texts } from "@/texts/workspaces";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { Panel } from "@/ui/panel";

const DeleteDialog = part(() => import("./delete-dialog"));

interface Props {
  details: WorkspaceDetails;
  can: Session["can"];
}

/** The name, for those who may change it, and the end, for those who may bring it. */
export default function Panels({ details, can }: Props) {
  return (
    <div className="flex max-w-[820px] flex-col gap-8">
      <Panel title={texts.details}>
        <dl className="mb-5 grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-dense">
          {!can.manage_workspace && (
            <>
              <dt className="text-faint">{texts.name}</dt>
              <dd className="break-words">{visible(details.workspace.name)}</dd>
            </>
          )}
          <dt className="text-faint">{texts.address}</dt>
          <dd className="break-words">
            <code>/w/{visible(details.workspace.slug)}</code>
          </dd>
          <dt className="text-faint">{texts.holds}</dt>
          <dd>{texts.held(details.holds)}</dd>
          <dt className="text-faint">{texts.role}</dt>
          <dd>{team.roles[details.role]}</dd>
          <dt className="text-faint">{texts.since}</dt>
          <dd title={formatMoment(details.created_at)}>{formatDay(details.created_at)}</dd>
        </dl>
        {can.manage_workspace ? <Rename details={details} /> : <Denied permission={MANAGE_WORKSPACE} />}
      </Panel>
      {can.delete_workspace && <End details={details} />}
    </div>
  );
}

function Rename({ details: { workspace, version } }: { details: WorkspaceDetails }) {
  const offline = useOffline();
  const [saved, setSaved] = useState(false);
  const save = async ({ name = "" }: Record<string, string>) => {
    setSaved(false);
    try {
      await renameWorkspace(workspace.slug, name, version);
      setSaved(true);
    } catch (error) {
      // The next try is made on what is true now; what was typed stays.
      if (problemOf(error).status === 409) void queryClient.invalidateQueries({ queryKey: workspaceQuery(workspace.slug).queryKey });
      throw error;
    }
  };
  return (
    <div className="max-w-[400px]">
      <Form
        fields={[{ name: "name", label: texts.name, autoComplete: "off", hint: texts.nameHint, initial: workspace.name }]}
        action={texts.rename}
        blocked={offline}
        send={save}
      />
      <p role="status" className="mt-2 text-dense text-ok empty:hidden">
        {saved && texts.renamed}
      </p>
    </div>
  );
}

function End({ details }: { details: WorkspaceDetails }) {
  const offline = useOffline();
  const [deleting, setDeleting] = useState(false);
  return (
    <Panel title={texts.deletePanel}>
      <p className="max-w-[72ch] text-dense text-muted">{texts.deleteText}</p>
      <Button className="mt-3" icon={Trash2} blocked={offline} onClick={() => setDeleting(true)}>
        {texts.delete}
      </Button>
      <Suspense>{deleting && <DeleteDialog details={details} onClose={() => setDeleting(false)} />}</Suspense>
    </Panel>
  );
}
