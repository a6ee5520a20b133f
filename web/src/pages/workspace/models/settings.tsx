import { useMutation } from "@tanstack/react-query";
import { Info, Plus, Sparkles } from "lucide-react";
import { Suspense, useState } from "react";

import { problemOf } from "@/api/client";
import { setModels } from "@/api/models";
import type { ModelSettings, OfferedModel } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { sayAfter } from "@/lib/say-after";
import { visible } from "@/lib/visible";
import { models as texts } from "@/texts/models";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { toast } from "@/ui/toast";

import { Budgets } from "./budgets";
import { type Decide, nameOf } from "./names";
import { ProviderCard } from "./provider-card";
import { Routes } from "./routes";
import { Use } from "./use";

const ProviderDialog = part(() => import("./provider-dialog"));

/** The providers, their order, the budgets, and what was spent. */
export default function Settings({ settings }: { settings: ModelSettings }) {
  const ws = useWorkspace();
  const offline = useOffline();
  const [adding, setAdding] = useState(false);
  // What the providers said they have, as long as the page is open.
  const [offered, setOffered] = useState<Readonly<Record<string, readonly OfferedModel[]>>>({});
  const decide = useMutation(setModels(ws));
  const { providers, routes, version, can } = settings;
  const set: Decide = (change, done) =>
    sayAfter(
      decide,
      { version, routes, workspace: settings.workspace.decided, person: settings.person.decided, ...change },
      () => toast(texts.decided),
      { onSuccess: () => done?.(), onError: (error) => toast(problemOf(error).detail) },
    );
  return (
    <div className="flex max-w-[820px] flex-col gap-8">
      <Standing settings={settings} />
      <Panel
        title={texts.providers}
        actions={
          can.manage &&
          providers.length > 0 && (
            <Button icon={Plus} blocked={offline} onClick={() => setAdding(true)}>
              {texts.add}
            </Button>
          )
        }
      >
        {providers.length === 0 ? (
          <Empty
            action={
              can.manage && (
                <Button look="primary" icon={Plus} blocked={offline} onClick={() => setAdding(true)}>
                  {texts.add}
                </Button>
              )
            }
          >
            {can.manage ? texts.none : texts.noneViewer}
          </Empty>
        ) : (
          <ul className="flex flex-col gap-3">
            {providers.map((provider) => (
              <li key={provider.provider}>
                <ProviderCard
                  provider={provider}
                  routes={(routes ?? []).filter((route) => route.provider === provider.provider).length}
                  manage={can.manage}
                  onOffered={(models) => setOffered((known) => ({ ...known, [provider.provider]: models }))}
                />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {providers.length > 0 && (
        <Panel title={texts.routes}>
          <Routes settings={settings} offered={offered} busy={decide.isPending} onDecide={set} />
        </Panel>
      )}
      <Panel title={texts.budgets}>
        {/* What is typed stays until the budgets themselves are others. */}
        <Budgets key={JSON.stringify([settings.workspace.decided, settings.person.decided])} settings={settings} busy={decide.isPending} onDecide={set} />
      </Panel>
      <Panel title={texts.use}>
        <Use />
      </Panel>
      <Suspense>{adding && <ProviderDialog onClose={() => setAdding(false)} />}</Suspense>
    </div>
  );
}

/** Who answers now: the first thing that anybody wants to know. */
function Standing({ settings: { answers, routes, server_routes, providers, can } }: { settings: ModelSettings }) {
  const asked = routes ?? server_routes;
  const Icon = answers ? Sparkles : Info;
  const names = asked.map((route) => `${visible(route.model)} (${nameOf(route.provider, providers)})`);
  return (
    <div className="flex items-start gap-2.5 rounded-card bg-subtle px-4 py-3 text-dense text-muted">
      <Icon size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0" />
      <p className="min-w-0 [overflow-wrap:anywhere]">
        {answers ? texts.answers(names.join(", ")) : texts.silent} {!can.manage && texts.admins}
      </p>
    </div>
  );
}
