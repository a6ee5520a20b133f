import { useState } from "react";

import { revokeToken } from "@/api/tokens";
import type { ApiToken } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge, formatDay, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { tokens as texts } from "@/texts/tokens";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/loaded";
import { Problem } from "@/ui/problem";
import { Tag } from "@/ui/tag";

/** One's tokens; each can be revoked, and stops working with its next request. */
export default function TokenList({ tokens }: { tokens: readonly ApiToken[] }) {
  const now = useNow();
  const offline = useOffline();
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const [said, setSaid] = useState("");
  const revoke = async ({ id, name }: ApiToken) => {
    setBusy(id);
    setFailure(undefined);
    try {
      await revokeToken(id);
      setSaid(texts.revoked(visible(name)));
    } catch (error) {
      setFailure(error);
    }
    setBusy(undefined);
  };
  return (
    <>
      <p role="status" className="text-dense text-ok empty:hidden">
        {said}
      </p>
      {failure !== undefined && <Problem error={failure} />}
      {tokens.length === 0 && <Empty>{texts.empty}</Empty>}
      {tokens.length > 0 && (
        <ul className="divide-y divide-line rounded-card border border-line">
          {tokens.map((token) => (
            <li key={token.id} className="flex items-start gap-3 px-4 py-3 text-dense">
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <span className="font-medium [overflow-wrap:anywhere]">{visible(token.name)}</span>
                  <code className="text-meta text-faint">{visible(token.hint)}…</code>
                  {token.expired && <Tag tone="medium">{texts.expired}</Tag>}
                </p>
                <p className="text-meta text-muted">
                  {visible(token.workspace.name)}
                  {" · "}
                  {token.used_at ? texts.used(formatAge(token.used_at, now), token.used_from && visible(token.used_from)) : texts.never}
                  {!token.expired && (
                    <>
                      {" · "}
                      <span title={formatMoment(token.expires_at)}>{texts.until(formatDay(token.expires_at))}</span>
                    </>
                  )}
                </p>
                <p className="mt-1 flex flex-wrap gap-1">
                  {token.scopes.map((scope) => (
                    <code key={scope} className="rounded-control bg-sunken px-1 py-px text-meta">
                      {scope}
                    </code>
                  ))}
                </p>
              </div>
              <Button aria-label={texts.revokeNamed(visible(token.name))} busy={busy === token.id} blocked={offline} onClick={() => void revoke(token)}>
                {texts.revoke}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
