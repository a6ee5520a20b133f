import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, RotateCw, Unplug } from "lucide-react";
import { Suspense, useState, type ReactNode } from "react";

import { checkHost } from "@/api/hosts";
import type { Host } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { hostName, HostTag, HostTrouble } from "@/host/state";
import { useNow } from "@/lib/clock";
import { formatAge, formatDay, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { hosts as texts } from "@/texts/hosts";
import { Button, buttonLook } from "@/ui/button";
import { Problem } from "@/ui/problem";

const ReconnectDialog = part(() => import("./reconnect-dialog"));
const DisconnectDialog = part(() => import("./disconnect-dialog"));

/** One connected account: how it does, what its token may do, what came through it, and what can be done about it. */
export function HostCard({ host }: { host: Host }) {
  const ws = useWorkspace();
  const now = useNow();
  const offline = useOffline();
  const [dialog, setDialog] = useState<"reconnect" | "disconnect">();
  const [said, setSaid] = useState("");
  const check = useMutation(checkHost(ws));
  const close = () => setDialog(undefined);
  const working = host.state === "working";
  return (
    <article aria-labelledby={host.id} className="rounded-card border border-line">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2.5">
        <h2 id={host.id} className="min-w-0 truncate text-body font-semibold">
          {visible(host.login)}
        </h2>
        <span className="text-dense text-faint">
          {texts.kinds[host.kind]} · {hostName(host)}
        </span>
        <span className="ms-auto inline-flex items-center gap-2">
          <span className="text-meta text-faint" title={formatMoment(host.checked_at)}>
            {texts.checked(formatAge(host.checked_at, now))}
          </span>
          <HostTag state={host.state} />
        </span>
      </header>
      <div className="flex flex-col gap-3 px-4 py-3 text-dense">
        <div role="status" className="empty:hidden">
          <HostTrouble host={host} />
          {working && said && <p className="text-ok">{said}</p>}
        </div>
        <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-1.5">
          <Fact title={texts.scopesHeld}>
            {host.scopes === null ? (
              <span className="text-faint">{texts.scopesUnknown}</span>
            ) : (
              <span className="flex flex-wrap gap-1">
                {host.scopes.map((scope) => (
                  <code key={scope} className="rounded-control bg-sunken px-1 py-px text-meta">
                    {visible(scope)}
                  </code>
                ))}
              </span>
            )}
          </Fact>
          <Fact title={texts.pushes}>
            {host.hooks ? texts.pushesOf(host.repositories.filter((each) => each.hook).length, host.repositories.length) : texts.pushesOff}
          </Fact>
          <Fact title={texts.connectedSince}>
            <span title={formatMoment(host.created_at)}>{formatDay(host.created_at)}</span>
          </Fact>
          <Fact title={texts.repositories}>{host.repositories.length === 0 ? texts.noRepositories : <Repositories host={host} ws={ws} />}</Fact>
        </dl>
        {check.error && <Problem error={check.error} />}
        <div className="flex flex-wrap gap-2">
          {host.can.import && (
            <Link to="/start/select" search={{ host: host.id }} className={buttonLook(working ? "primary" : "secondary")}>
              {texts.choose}
            </Link>
          )}
          {host.can.manage && (
            <>
              <Button look={working ? "secondary" : "primary"} blocked={offline} onClick={() => setDialog("reconnect")}>
                {texts.reconnect}
              </Button>
              <Button icon={RotateCw} busy={check.isPending} blocked={offline} onClick={() => check.mutate(host.id, { onSuccess: () => setSaid(texts.works) })}>
                {texts.check}
              </Button>
              <Button look="ghost" icon={Unplug} blocked={offline} onClick={() => setDialog("disconnect")}>
                {texts.disconnect}
              </Button>
            </>
          )}
        </div>
      </div>
      <Suspense>
        {dialog === "reconnect" && (
          <ReconnectDialog
            host={host}
            onClose={close}
            onDone={() => {
              close();
              setSaid(texts.reconnected);
            }}
          />
        )}
        {dialog === "disconnect" && <DisconnectDialog host={host} onClose={close} />}
      </Suspense>
    </article>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{title}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** What came through the connection; what is wrong with one of them stands behind its name. */
function Repositories({ host, ws }: { host: Host; ws: string }) {
  return (
    <details className="group">
      <summary className="flex min-h-6 w-fit cursor-default list-none items-center gap-1 rounded-control text-accent hover:underline">
        <ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />
        {texts.show(host.repositories.length)}
      </summary>
      <ul className="mt-1 flex flex-col gap-1">
        {host.repositories.map(({ repo, path, state, hook, hook_detail: why }) => (
          <li key={repo.id} className="[overflow-wrap:anywhere]">
            <Link to="/w/$ws/repos/$repo" params={{ ws, repo: repo.slug }} className="inline-block min-h-6 text-accent hover:underline">
              {visible(path)}
            </Link>
            {(state !== "there" || (!hook && why)) && (
              <span className="ms-2 text-meta text-muted">
                {[texts.repositoryState[state], !hook && why && texts.noHook(visible(why))].filter(Boolean).join(" · ")}
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
