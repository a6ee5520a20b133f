import { Plus } from "lucide-react";
import { Suspense, useState } from "react";

import type { Host } from "@/api/types";
import { part } from "@/lib/part";
import { hosts as texts } from "@/texts/hosts";
import { Button } from "@/ui/button";
import { Empty, SkeletonRows } from "@/ui/loaded";
import { Panel } from "@/ui/panel";

import { HostCard } from "./host-card";

const ConnectForm = part(() => import("@/host/connect-form"));

/** The connected accounts, and the form for another one. */
export default function Connections({ hosts, manage }: { hosts: readonly Host[]; manage: boolean }) {
  const [adding, setAdding] = useState(false);
  const none = hosts.length === 0;
  return (
    <div className="flex max-w-[820px] flex-col gap-6">
      {none && <Empty>{manage ? texts.empty : texts.noneViewer}</Empty>}
      {!none && (
        <ul className="flex flex-col gap-4">
          {hosts.map((host) => (
            <li key={host.id}>
              <HostCard host={host} />
            </li>
          ))}
        </ul>
      )}
      {!manage && !none && <p className="text-dense text-muted">{texts.admins}</p>}
      {manage &&
        (none || adding ? (
          <Panel title={none ? texts.connectTitle : texts.connectAnother}>
            <Suspense fallback={<SkeletonRows rows={1} height="h-56" />}>
              <ConnectForm onConnected={() => setAdding(false)} />
            </Suspense>
          </Panel>
        ) : (
          <Button icon={Plus} className="self-start" onClick={() => setAdding(true)}>
            {texts.connectAnother}
          </Button>
        ))}
    </div>
  );
}
