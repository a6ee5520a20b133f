import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";

import { linkedQuery } from "@/api/providers";
import type { AuthProvider, LinkedAccount, Me } from "@/api/types";
import { methodsQuery } from "@/api/ways-in";
import { useNow } from "@/lib/clock";
import { formatAge, formatDay, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { providers as texts } from "@/texts/providers";
import { Button } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Panel } from "@/ui/panel";

const LinkDialog = part(() => import("./link-dialog"));

/** An account that is to be linked, or to be no longer. */
interface Wanted {
  provider: string;
  name: string;
  unlink: boolean;
}

/** The accounts of others that sign one in, and those that can be linked besides. Nothing where there is no provider. */
export default function LinkedPanel({ me }: { me: Me }) {
  const query = useQuery(linkedQuery);
  const providers: readonly AuthProvider[] = useQuery(methodsQuery).data?.data.providers ?? [];
  if (providers.length === 0 && (query.data?.data.length ?? 0) === 0) return null;
  return (
    <Panel title={texts.linked}>
      <Loaded query={query} what={texts.linkedWhat} skeleton={<SkeletonRows rows={1} height="h-16" />}>
        {({ data }) => <LinkedAccounts me={me} linked={data} providers={providers} />}
      </Loaded>
    </Panel>
  );
}

interface Props {
  me: Me;
  linked: readonly LinkedAccount[];
  providers: readonly AuthProvider[];
}

function LinkedAccounts({ me, linked, providers }: Props) {
  const now = useNow();
  const offline = useOffline();
  const [wanted, setWanted] = useState<Wanted>();
  const [said, setSaid] = useState("");
  const nameOf = (id: string) => visible(providers.find((each) => each.id === id)?.name ?? id);
  const offered = providers.filter(({ id }) => !linked.some((each) => each.provider === id));
  return (
    <>
      <p className="mb-3 max-w-[72ch] text-dense text-muted">{texts.linkedLead}</p>
      <p role="status" className="mb-2 text-dense text-ok empty:hidden">
        {said}
      </p>
      {linked.length === 0 && <p className="mb-3 text-dense text-muted">{texts.none}</p>}
      {linked.length > 0 && (
        <ul className="mb-3 divide-y divide-line rounded-card border border-line">
          {linked.map((each) => (
            <li key={each.provider} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 text-dense">
              <div className="min-w-0 flex-1 basis-40">
                <p className="truncate font-medium">{nameOf(each.provider)}</p>
                <p className="text-meta text-faint [overflow-wrap:anywhere]">
                  {visible(each.label)} · <span title={formatMoment(each.created_at)}>{texts.since(formatDay(each.created_at))}</span> ·{" "}
                  {each.used_at ? texts.used(formatAge(each.used_at, now)) : texts.never}
                </p>
              </div>
              <Button
                look="ghost"
                aria-label={texts.unlinkNamed(nameOf(each.provider))}
                blocked={offline}
                onClick={() => setWanted({ provider: each.provider, name: nameOf(each.provider), unlink: true })}
              >
                {texts.unlink}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        {offered.map(({ id }) => (
          <Button key={id} blocked={offline} onClick={() => setWanted({ provider: id, name: nameOf(id), unlink: false })}>
            {texts.link(nameOf(id))}
          </Button>
        ))}
      </div>
      <Suspense>
        {wanted && (
          <LinkDialog
            {...wanted}
            me={me}
            onClose={() => setWanted(undefined)}
            onUnlinked={() => {
              setSaid(texts.done(wanted.name));
              setWanted(undefined);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
