import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useEffect, useId, useRef } from "react";

import type { ModelRoute, ModelSettings, OfferedModel } from "@/api/types";
import { formatCount } from "@/lib/count";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { models as texts } from "@/texts/models";
import { Button, IconButton } from "@/ui/button";

import { formatMoney } from "@/lib/money";
import { type Decide, nameOf } from "./names";
import { NewRoute } from "./new-route";

/** What the server takes. */
const MOST = 10;

interface Props {
  settings: ModelSettings;
  /** What providers said they have. */
  offered: Readonly<Record<string, readonly OfferedModel[]>>;
  busy: boolean;
  onDecide: Decide;
}

/** Who is asked, the first one first. */
export function Routes({ settings, offered, busy, onDecide }: Props) {
  const { server_routes: theirs, providers, can } = settings;
  const inherited = settings.routes == null;
  const routes = settings.routes ?? [];
  const id = useId();
  const offline = useOffline();
  const list = useRef<HTMLDivElement>(null);
  // What a row's button did may take that button out of the page or into another row: the focus goes with the model.
  const next = useRef<string>(undefined);
  useEffect(() => {
    if (next.current === undefined) return;
    (document.getElementById(next.current) ?? list.current)?.focus();
    next.current = undefined;
  }, [settings.routes]);
  const shown = inherited ? theirs : routes;
  const rowOf = (route: ModelRoute, act: "up" | "down") => `${id}${act}${route.provider} ${route.model}`;
  const decide = (wanted: ModelRoute[] | null, focus: string) => {
    if (busy) return;
    onDecide({ routes: wanted }, () => {
      next.current = focus;
    });
  };
  const move = (route: ModelRoute, from: number, act: "up" | "down") => {
    const to = act === "up" ? from - 1 : from + 1;
    const rest = routes.filter((_, at) => at !== from);
    decide([...rest.slice(0, to), route, ...rest.slice(to)], rowOf(route, act));
  };
  return (
    <div ref={list} tabIndex={-1} className="flex flex-col gap-3 text-dense outline-none">
      <p className="text-muted">{leadOf(inherited, shown.length, theirs.length)}</p>
      {shown.length > 0 && (
        <ol aria-label={texts.routes} className="flex flex-col overflow-clip rounded-card border border-line">
          {shown.map((route, at) => {
            const name = `${visible(route.model)}, ${nameOf(route.provider, providers)}`;
            return (
              <li key={`${route.provider} ${route.model}`} className="flex items-center gap-x-3 border-b border-line px-3 py-2 last:border-b-0">
                <span aria-hidden className="w-4 shrink-0 text-end text-faint tabular-nums">
                  {at + 1}
                </span>
                <span className="min-w-0 flex-1">
                  <span className="block font-medium [overflow-wrap:anywhere]">{visible(route.model)}</span>
                  <span className="block text-meta text-faint [overflow-wrap:anywhere]">{[nameOf(route.provider, providers), ...about(route)].join(" · ")}</span>
                </span>
                {can.manage && !inherited && (
                  <span className="flex shrink-0">
                    <IconButton id={rowOf(route, "up")} icon={ArrowUp} label={texts.up(name)} blocked={offline ?? (at === 0 ? texts.isFirst : undefined)} className={at === 0 ? "opacity-40" : ""} onClick={() => move(route, at, "up")} />
                    <IconButton id={rowOf(route, "down")} icon={ArrowDown} label={texts.down(name)} blocked={offline ?? (at === routes.length - 1 ? texts.isLast : undefined)} className={at === routes.length - 1 ? "opacity-40" : ""} onClick={() => move(route, at, "down")} />
                    <IconButton icon={X} label={texts.drop(name)} blocked={offline} onClick={() => decide(routes.filter((_, each) => each !== at), "")} />
                  </span>
                )}
              </li>
            );
          })}
        </ol>
      )}
      {can.manage && theirs.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {!inherited && (
            <Button blocked={offline} onClick={() => decide(null, "")}>
              {texts.asServer}
            </Button>
          )}
          {shown.length > 0 && (
            <Button blocked={offline} onClick={() => decide([], "")}>
              {texts.askNobody}
            </Button>
          )}
        </div>
      )}
      {can.manage && routes.length < MOST && <NewRoute settings={settings} offered={offered} busy={busy} onDecide={onDecide} />}
    </div>
  );
}

/** Who decided on whom is asked: the server's configuration, or the workspace, perhaps on nobody. */
const leadOf = (inherited: boolean, asked: number, theirs: number): string => {
  if (asked > 0) return inherited ? texts.serverRoutes : texts.routesLead;
  return inherited || theirs === 0 ? texts.noRoutes : texts.nobody;
};

/** What is known of a model besides its name. */
const about = (route: ModelRoute): string[] => [
  route.input_price + route.output_price > 0 ? texts.price(formatMoney(route.input_price), formatMoney(route.output_price)) : texts.free,
  ...(route.context_tokens == null ? [] : [texts.context(formatCount(route.context_tokens))]),
  ...(route.first_word_seconds == null ? [] : [texts.patience(formatCount(route.first_word_seconds))]),
];
