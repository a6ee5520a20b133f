import { ChevronRight, Plus } from "lucide-react";
import { useId, useState } from "react";

import type { ModelRoute, ModelSettings, OfferedModel } from "@/api/types";
import { cx } from "@/lib/cx";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { models as texts } from "@/texts/models";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";

import { parseCount, parseMoney } from "@/lib/money";
import type { Decide } from "./names";

interface Props {
  settings: ModelSettings;
  /** What providers said they have. */
  offered: Readonly<Record<string, readonly OfferedModel[]>>;
  busy: boolean;
  onDecide: Decide;
}

const EMPTY = { model: "", input: "", output: "", context: "", patience: "" };

/** Numbers that may be left out: their bounds are the server's. */
const NUMBERS = [
  { name: "input", label: texts.priceIn, read: parseMoney },
  { name: "output", label: texts.priceOut, read: parseMoney },
  { name: "context", label: texts.contextField, read: parseCount(1_024, 10_000_000), wrong: texts.contextBounds },
  { name: "patience", label: texts.patienceField, read: parseCount(1, 3_600), wrong: texts.patienceBounds },
] as const;

/** Adds a model at the end of the line. */
export function NewRoute({ settings, offered, busy, onDecide }: Props) {
  const routes = settings.routes ?? [];
  // Of the server's providers only what its configuration lists is asked, at the prices that stand there.
  const left = settings.server_routes.filter(({ provider, model }) => !routes.some((route) => route.provider === provider && route.model === model));
  const providers = settings.providers.filter(({ id, provider }) => id !== null || left.some((route) => route.provider === provider));
  const id = useId();
  const offline = useOffline();
  const [chosen, setChosen] = useState<string>();
  const [typed, setTyped] = useState(EMPTY);
  const provider = providers.some((each) => each.provider === chosen) ? (chosen ?? "") : (providers[0]?.provider ?? "");
  const known = offered[provider] ?? [];
  const theirs = left.filter((route) => route.provider === provider);
  const listed = theirs.find(({ model }) => model === typed.model) ?? theirs[0];
  const model = listed?.model ?? typed.model.trim();
  const read = Object.fromEntries(NUMBERS.map(({ name, read: of }) => [name, of(typed[name])])) as Record<(typeof NUMBERS)[number]["name"], number | null | undefined>;
  const wrong = listed ? undefined : NUMBERS.find(({ name }) => read[name] === undefined);
  const fault = wrong
    ? "wrong" in wrong
      ? wrong.wrong
      : texts.number
    : routes.some((route) => route.provider === provider && route.model === model)
      ? texts.askedAlready
      : undefined;
  const add = () => {
    if (model === "" || fault !== undefined || busy) return;
    const route: ModelRoute = listed ?? {
      provider,
      model,
      input_price: read.input ?? 0,
      output_price: read.output ?? 0,
      context_tokens: read.context ?? null,
      first_word_seconds: read.patience ?? null,
    };
    onDecide({ routes: [...routes, route] }, () => setTyped(EMPTY));
  };
  const write = (name: keyof typeof EMPTY, value: string) => setTyped({ ...typed, [name]: value });
  const number = ({ name, label }: (typeof NUMBERS)[number], placeholder: string) => (
    <label key={name} className="flex min-w-0 flex-col justify-end gap-1">
      <span>{label}</span>
      <input
        inputMode={name === "input" || name === "output" ? "decimal" : "numeric"}
        placeholder={placeholder}
        aria-invalid={read[name] === undefined || undefined}
        value={typed[name]}
        onChange={(event) => write(name, event.target.value)}
        className={cx(fieldLook, "h-9 placeholder:text-faint aria-invalid:border-critical")}
      />
    </label>
  );
  if (providers.length === 0) return null;
  return (
    <form
      aria-label={texts.addRoute}
      className="flex flex-col gap-3 rounded-card bg-subtle p-3"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <label className="flex min-w-0 flex-col gap-1">
          <span className="font-medium">{texts.provider}</span>
          <select value={provider} onChange={(event) => setChosen(event.target.value)} className={cx(fieldLook, "h-9")}>
            {providers.map((each) => (
              <option key={each.provider} value={each.provider}>
                {visible(each.name)}
              </option>
            ))}
          </select>
        </label>
        <div className="flex min-w-0 flex-col gap-1">
          <label htmlFor={`${id}-model`} className="font-medium">
            {texts.model}
          </label>
          {listed ? (
            <select id={`${id}-model`} aria-describedby={`${id}-hint`} value={model} onChange={(event) => write("model", event.target.value)} className={cx(fieldLook, "h-9")}>
              {theirs.map(({ model }) => (
                <option key={model} value={model}>
                  {visible(model)}
                </option>
              ))}
            </select>
          ) : (
            <input
              id={`${id}-model`}
              list={`${id}-models`}
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              maxLength={100}
              aria-describedby={known.length === 0 ? `${id}-hint` : undefined}
              value={typed.model}
              onChange={(event) => write("model", event.target.value)}
              className={cx(fieldLook, "h-9")}
            />
          )}
          <datalist id={`${id}-models`}>
            {known.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          {(listed ?? known.length === 0) && (
            <p id={`${id}-hint`} className="text-meta text-faint">
              {listed ? texts.listedHint : texts.modelHint}
            </p>
          )}
        </div>
      </div>
      {!listed && (
        <>
          <fieldset className="grid grid-cols-2 gap-3">
            <legend className="mb-1 text-meta text-faint">{texts.prices}</legend>
            {NUMBERS.slice(0, 2).map((each) => number(each, "0.00"))}
          </fieldset>
          <details className="group">
            <summary className="flex min-h-6 w-fit cursor-default list-none items-center gap-1 rounded-control text-accent hover:underline">
              <ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />
              {texts.bounds}
            </summary>
            <div className="mt-2 grid grid-cols-2 gap-3">{NUMBERS.slice(2).map((each) => number(each, texts.usual))}</div>
          </details>
        </>
      )}
      {fault && (
        <p role="alert" className="text-meta text-critical">
          {fault}
        </p>
      )}
      <Button type="submit" icon={Plus} className="w-fit" busy={busy} blocked={offline ?? (model === "" ? texts.modelMissing : fault)}>
        {texts.addRoute}
      </Button>
    </form>
  );
}
