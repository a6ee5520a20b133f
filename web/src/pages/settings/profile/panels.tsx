import { Download, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";

import { exportMe, meQuery, rename } from "@/api/account";
import { problemOf, queryClient } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import type { Me } from "@/api/types";
import { formatDay, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { saveAs } from "@/lib/save-as";
import { visible } from "@/lib/visible";
import { own as texts } from "@/texts/own-settings";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { Panel } from "@/ui/panel";
import { Problem } from "@/ui/problem";

import { Picture } from "./picture";

const DeleteDialog = part(() => import("./delete-dialog"));

/** Name and address, and one's own data. */
export default function ProfilePanels({ me }: { me: Me }) {
  return (
    <div className="flex max-w-[820px] flex-col gap-8">
      <Details me={me} />
      <OwnData me={me} />
    </div>
  );
}

function Details({ me }: { me: Me }) {
  const offline = useOffline();
  const [saved, setSaved] = useState(false);
  const save = async ({ name = "" }: Record<string, string>) => {
    setSaved(false);
    try {
      const data = await rename(name, me.version);
      queryClient.setQueryData(meQuery.queryKey, (old) => old && { ...old, data });
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      setSaved(true);
    } catch (error) {
      // The next try is made on what is true now; what was typed stays.
      if (problemOf(error).status === 409) void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      throw error;
    }
  };
  return (
    <Panel title={texts.details}>
      <Picture me={me} />
      <dl className="mb-5 grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-dense">
        <dt className="text-faint">{texts.handle}</dt>
        <dd>{visible(me.user.handle)}</dd>
        <dt className="text-faint">{texts.email}</dt>
        <dd className="break-words">{me.email ? visible(me.email) : texts.noEmail}</dd>
        <dt className="text-faint">{texts.since}</dt>
        <dd title={formatMoment(me.created_at)}>{formatDay(me.created_at)}</dd>
      </dl>
      <div className="max-w-[400px]">
        <Form
          fields={[{ name: "name", label: texts.name, autoComplete: "name", hint: texts.nameHint, initial: me.user.name }]}
          action={texts.save}
          blocked={offline}
          send={save}
        />
        <p role="status" className="mt-2 text-dense text-ok empty:hidden">
          {saved && texts.saved}
        </p>
      </div>
    </Panel>
  );
}

function OwnData({ me }: { me: Me }) {
  const offline = useOffline();
  const [deleting, setDeleting] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      saveAs("devmentor-account.json", JSON.stringify(await exportMe(), null, 2), "application/json");
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  };
  return (
    <Panel title={texts.data}>
      <p className="max-w-[72ch] text-dense text-muted">{texts.dataText}</p>
      <Button className="mt-3" icon={Download} busy={busy} blocked={offline} onClick={() => void download()}>
        {texts.download}
      </Button>
      {failure !== undefined && (
        <div className="mt-3">
          <Problem error={failure} />
        </div>
      )}
      <p className="mt-6 max-w-[72ch] text-dense text-muted">{me.can.delete ? texts.deleteText : texts.deleteOperator}</p>
      {me.can.delete && (
        <Button className="mt-3" icon={Trash2} blocked={offline} onClick={() => setDeleting(true)}>
          {texts.delete}
        </Button>
      )}
      <Suspense>{deleting && <DeleteDialog me={me} onClose={() => setDeleting(false)} />}</Suspense>
    </Panel>
  );
}
