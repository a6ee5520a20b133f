import { useMutation } from "@tanstack/react-query";
import { KeyRound, PlugZap, Trash2 } from "lucide-react";
import { Suspense, useId, useState } from "react";

import { problemOf } from "@/api/client";
import { checkModelProvider, updateModelProvider } from "@/api/models";
import type { ModelProvider, OfferedModel } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { formatAge, formatMoment, formatTook } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { models as texts } from "@/texts/models";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";
import { Prose } from "@/ui/prose";
import { Tag } from "@/ui/tag";
import { toast } from "@/ui/toast";
import type { Tone } from "@/ui/tones";

const ProviderDialog = part(() => import("./provider-dialog"));
const RemoveDialog = part(() => import("./remove-dialog"));

const TONES: Record<ModelProvider["state"], Tone> = { untested: "neutral", working: "ok", key_refused: "high", unreachable: "high" };

interface Props {
  provider: ModelProvider;
  /** How many of its models are asked. */
  routes: number;
  manage: boolean;
  onOffered: (models: readonly OfferedModel[]) => void;
}

/** One provider: how it does, where it is, and what can be done about it. */
export function ProviderCard({ provider, routes, manage, onOffered }: Props) {
  const ws = useWorkspace();
  const id = useId();
  const now = useNow();
  const offline = useOffline();
  const [dialog, setDialog] = useState<"change" | "remove">();
  const check = useMutation(checkModelProvider(ws));
  const turn = useMutation({
    mutationFn: (own: string) => updateModelProvider(ws, own, { version: provider.version, enabled: !provider.enabled }),
    onError: (error) => toast(problemOf(error).detail),
  });
  const { id: own } = provider;
  // What a check of one of the server's found is kept nowhere: it is known as long as the page is open.
  const { state, detail } = own === null && check.data ? check.data : provider;
  const close = () => setDialog(undefined);
  return (
    <article aria-labelledby={id} className="rounded-card border border-line">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2.5">
        <h3 id={id} className="min-w-0 truncate text-body font-semibold">
          {visible(provider.name)}
        </h3>
        <span className="text-dense text-faint">{texts.kinds[provider.kind]}</span>
        <span className="ms-auto inline-flex flex-wrap items-center gap-2">
          {provider.checked_at && (
            <span className="text-meta text-faint" title={formatMoment(provider.checked_at)}>
              {texts.checked(formatAge(provider.checked_at, now))}
            </span>
          )}
          {!provider.enabled && <Tag>{texts.off}</Tag>}
          <Tag tone={TONES[state]}>{texts.states[state]}</Tag>
        </span>
      </header>
      <div className="flex flex-col gap-3 px-4 py-3 text-dense">
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
          {provider.address !== "" && <code className="min-w-0 text-meta [overflow-wrap:anywhere]">{visible(provider.address)}</code>}
          <span className="inline-flex items-center gap-1.5">
            <KeyRound size={14} strokeWidth={1.75} aria-hidden className="text-faint" />
            {provider.has_key ? texts.keyHeld : texts.keyNone}
          </span>
          {own === null && <span className="text-faint">{texts.fromServer}</span>}
        </p>
        <div role="status" className="flex flex-col gap-1 empty:hidden">
          {check.data?.state === "working" ? (
            <>
              <p className="text-ok">{texts.works(check.data.models.length, formatTook(check.data.took_ms))}</p>
              <p className="line-clamp-3 text-meta text-faint [overflow-wrap:anywhere]">{check.data.models.map(({ name }) => visible(name)).join(", ")}</p>
            </>
          ) : (
            state !== "working" && detail && (
              <p className="text-high [overflow-wrap:anywhere]">
                <Prose text={detail} />
                {state === "unreachable" && own !== null && manage && (
                  <span className="mt-1 block text-muted">
                    <Prose text={texts.unreachable} />
                  </span>
                )}
              </p>
            )
          )}
        </div>
        {check.error && <Problem error={check.error} />}
        {manage && (
          <div className="flex flex-wrap gap-2">
            <Button
              icon={PlugZap}
              busy={check.isPending}
              blocked={offline}
              onClick={() => check.mutate(provider.provider, { onSuccess: ({ models }) => onOffered(models) })}
            >
              {texts.test}
            </Button>
            {own !== null && (
              <>
                <Button blocked={offline} onClick={() => setDialog("change")}>
                  {texts.change}
                </Button>
                <Button busy={turn.isPending} blocked={offline} onClick={() => turn.mutate(own)}>
                  {provider.enabled ? texts.turnOff : texts.turnOn}
                </Button>
                <Button look="ghost" icon={Trash2} blocked={offline} onClick={() => setDialog("remove")}>
                  {texts.remove}
                </Button>
              </>
            )}
          </div>
        )}
      </div>
      <Suspense>
        {dialog === "change" && <ProviderDialog provider={provider} onClose={close} />}
        {dialog === "remove" && own !== null && <RemoveDialog id={own} provider={provider} routes={routes} onClose={close} />}
      </Suspense>
    </article>
  );
}
