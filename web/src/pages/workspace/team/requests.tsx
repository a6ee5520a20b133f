import { useState } from "react";

import { answerRequest } from "@/api/people";
import type { AccessRequest } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { team as texts } from "@/texts/team";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";

/** What people ask for: granting it gives the least role that permits it. */
export default function Requests({ requests, ws }: { requests: readonly AccessRequest[]; ws: string }) {
  const now = useNow();
  const offline = useOffline();
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const decide = async ({ id }: AccessRequest, granted: boolean) => {
    setBusy(`${id}${granted}`);
    setFailure(undefined);
    try {
      await answerRequest(ws, id, granted);
    } catch (error) {
      setFailure(error);
    }
    setBusy(undefined);
  };
  return (
    <>
      {failure !== undefined && <Problem error={failure} />}
      <ul className="divide-y divide-line rounded-card border border-line">
        {requests.map((request) => (
          <li key={request.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-dense">
            <div className="min-w-0 flex-1 basis-60">
              <p>
                <span className="font-medium">{visible(request.person.name)}</span> {texts.asks(visible(request.words))}
              </p>
              {request.note && <p className="text-muted [overflow-wrap:anywhere]">{visible(request.note)}</p>}
              <p className="text-meta text-faint" title={formatMoment(request.created_at)}>
                {formatAge(request.created_at, now)}
              </p>
            </div>
            <div className="flex gap-2">
              <Button look="primary" busy={busy === `${request.id}true`} blocked={offline} onClick={() => void decide(request, true)}>
                {texts.grant(texts.roles[request.role])}
              </Button>
              <Button busy={busy === `${request.id}false`} blocked={offline} onClick={() => void decide(request, false)}>
                {texts.decline}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
