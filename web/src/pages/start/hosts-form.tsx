import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { Suspense, useState } from "react";

import { hostsQuery } from "@/api/hosts";
import type { Host } from "@/api/types";
import { useSession } from "@/api/workspace";
import { hostName, HostTag } from "@/host/state";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { hosts as texts } from "@/texts/hosts";
import { Button, buttonLook } from "@/ui/button";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";

const ConnectForm = part(() => import("@/host/connect-form"));

/** The connected accounts, whose repositories can be chosen from, and the form for another one. */
export default function HostsForm() {
  const session = useSession();
  const query = useQuery(hostsQuery(session.workspace.slug));
  const manage = session.role === "admin" || session.role === "owner";
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={2} height="h-16" />}>
      {({ items }) => {
        if (items.length > 0) return <Connected hosts={items} manage={manage} />;
        return manage ? <Connect title={texts.connectTitle} /> : <Empty>{texts.noneViewer}</Empty>;
      }}
    </Loaded>
  );
}

function Connected({ hosts, manage }: { hosts: readonly Host[]; manage: boolean }) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <section aria-labelledby="connected-hosts">
        <h2 id="connected-hosts" className="mb-2 text-body font-semibold">
          {texts.connected}
        </h2>
        <ul className="flex flex-col divide-y divide-line rounded-card border border-line">
          {hosts.map((host) => (
            <li key={host.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{visible(host.login)}</span>
                <span className="block truncate text-meta text-faint">
                  {texts.kinds[host.kind]} · {hostName(host)}
                </span>
              </span>
              {host.state !== "working" && <HostTag state={host.state} />}
              <Link to="/start/select" search={{ host: host.id }} className={buttonLook("primary")}>
                {texts.choose}
              </Link>
            </li>
          ))}
        </ul>
      </section>
      {manage &&
        (adding ? (
          <Connect title={texts.connectAnother} />
        ) : (
          <Button look="ghost" icon={Plus} className="self-start" onClick={() => setAdding(true)}>
            {texts.connectAnother}
          </Button>
        ))}
    </div>
  );
}

function Connect({ title }: { title: string }) {
  const navigate = useNavigate();
  return (
    <section aria-labelledby="connect-host">
      <h2 id="connect-host" className="mb-3 text-body font-semibold">
        {title}
      </h2>
      <Suspense fallback={<SkeletonRows rows={1} height="h-56" />}>
        <ConnectForm onConnected={({ id }) => void navigate({ to: "/start/select", search: { host: id } })} />
      </Suspense>
    </section>
  );
}
