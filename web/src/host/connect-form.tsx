import { ExternalLink } from "lucide-react";
import { useId, useState } from "react";

import { connectHost, type NewConnection } from "@/api/hosts";
import type { Host, HostKind } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { useOffline } from "@/lib/offline";
import { common } from "@/texts/common";
import { hosts as texts } from "@/texts/hosts";
import { Form, type FieldSpec } from "@/ui/form";
import { segmentLook, segmentsLook } from "@/ui/segments";

const KINDS = ["github", "gitlab", "gitea"] as const satisfies readonly HostKind[];

/** Where the instance that is meant without an address makes a token, with what it has to allow chosen already. */
const PUBLIC: Partial<Record<HostKind, string>> = {
  github: "https://github.com/settings/tokens/new?description=DevMentor&scopes=repo,admin:repo_hook",
  gitlab: "https://gitlab.com/-/user_settings/personal_access_tokens?name=DevMentor&scopes=read_api,read_repository",
};

export const tokenField: FieldSpec = { name: "token", label: texts.token, kind: "password", autoComplete: "off", hint: texts.tokenHint };

/** Connects an account on a code host by a token, and says before what the token has to allow and why. */
export default function ConnectForm({ onConnected }: { onConnected: (host: Host) => void }) {
  const ws = useWorkspace();
  const offline = useOffline();
  const name = useId();
  const [kind, setKind] = useState<HostKind>("github");
  const address: FieldSpec = {
    name: "address",
    label: texts.address,
    autoComplete: "url",
    optional: PUBLIC[kind] !== undefined,
    hint: texts.addressHint[kind],
    check: (typed) => (/^https:\/\/./.test(typed.trim()) ? undefined : texts.addressMissing),
  };
  const connect = async ({ address = "", token = "" }: Record<string, string>) => {
    const connection: NewConnection = { kind, token: token.trim(), ...(address.trim() ? { address: address.trim() } : {}) };
    onConnected(await connectHost(ws, connection));
  };
  return (
    <div className="flex flex-col gap-4">
      <div role="radiogroup" aria-label={texts.kind} className={segmentsLook}>
        {KINDS.map((each) => (
          <label
            key={each}
            className={cx(
              segmentLook(kind === each),
              "has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-focus",
            )}
          >
            <input type="radio" name={name} className="sr-only" checked={kind === each} onChange={() => setKind(each)} />
            {texts.kinds[each]}
          </label>
        ))}
      </div>
      <div className="@container">
        <div className="grid gap-x-10 gap-y-5 @3xl:grid-cols-[minmax(0,400px)_minmax(0,1fr)]">
          {/* Another kind means another host: what was typed for the one before does not go there. */}
          <Form key={kind} fields={[address, tokenField]} action={texts.connect} blocked={offline} send={connect} />
          <Scopes kind={kind} />
        </div>
      </div>
    </div>
  );
}

function Scopes({ kind }: { kind: HostKind }) {
  const at = PUBLIC[kind];
  return (
    <section aria-label={texts.scopesTitle} className="flex flex-col gap-2 text-dense">
      <h3 className="font-medium">{texts.scopesTitle}</h3>
      <dl className="flex flex-col gap-1.5">
        {texts.scopes[kind].map(([scope, why]) => (
          <div key={scope}>
            <dt>
              <code className="rounded-control bg-sunken px-1 py-px text-[0.92em] font-medium">{scope}</code>
            </dt>
            <dd className="text-muted">{why}</dd>
          </div>
        ))}
      </dl>
      {kind === "github" && <p className="text-muted">{texts.finer}</p>}
      {at && (
        <a
          href={at}
          target="_blank"
          rel="noreferrer noopener"
          className="inline-flex min-h-6 items-center gap-1.5 self-start text-accent hover:underline"
        >
          {texts.makeToken(new URL(at).host)}
          <ExternalLink size={12} aria-hidden />
          <span className="sr-only"> ({common.opensNewTab})</span>
        </a>
      )}
    </section>
  );
}
