import { useId, useState } from "react";

import type { ModelBudget, ModelSettings } from "@/api/types";
import { cx } from "@/lib/cx";
import { formatCount } from "@/lib/count";
import { useOffline } from "@/lib/offline";
import { models as texts } from "@/texts/models";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";

import { formatMoney, moneyText, parseCount, parseMoney } from "@/lib/money";
import type { Decide } from "./names";

/** The two limits of a budget, as they are typed. */
interface Typed {
  tokens: string;
  money: string;
}

const typed = ({ decided: { tokens, micros } }: ModelBudget): Typed => ({ tokens: tokens === null ? "" : String(tokens), money: moneyText(micros) });

const tokensOf = parseCount(0, 1_000_000_000_000);

/** What is typed as the server takes it; nothing where one of both is no number. */
function limitOf({ tokens, money }: Typed): { tokens: number | null; micros: number | null } | undefined {
  const [count, micros] = [tokensOf(tokens), parseMoney(money)];
  return count === undefined || micros === undefined ? undefined : { tokens: count, micros };
}

interface Props {
  settings: ModelSettings;
  busy: boolean;
  onDecide: Decide;
}

/** What may be spent in a day, and what was. */
export function Budgets({ settings, busy, onDecide }: Props) {
  const offline = useOffline();
  const [workspace, setWorkspace] = useState(() => typed(settings.workspace));
  const [person, setPerson] = useState(() => typed(settings.person));
  const [limits, each] = [limitOf(workspace), limitOf(person)];
  const wrong = !limits || !each;
  return (
    <form
      className="flex flex-col gap-3 text-dense"
      onSubmit={(event) => {
        event.preventDefault();
        if (limits && each) onDecide({ workspace: limits, person: each });
      }}
    >
      <p className="text-muted">{texts.budgetsLead}</p>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Budget title={texts.workspace} budget={settings.workspace} spent={texts.spent} value={workspace} manage={settings.can.manage} onChange={setWorkspace} />
        <Budget title={texts.person} budget={settings.person} spent={texts.yourSpent} value={person} manage={settings.can.manage} onChange={setPerson} />
      </div>
      {wrong && (
        <p role="alert" className="text-meta text-critical">
          {texts.number}
        </p>
      )}
      {settings.can.manage && (
        <Button type="submit" className="w-fit" busy={busy} blocked={offline ?? (wrong ? texts.number : undefined)}>
          {texts.saveBudgets}
        </Button>
      )}
    </form>
  );
}

interface BudgetProps {
  title: string;
  budget: ModelBudget;
  spent: (tokens: string, money: string) => string;
  value: Typed;
  manage: boolean;
  onChange: (value: Typed) => void;
}

function Budget({ title, budget: { decided, limit, spent: today }, spent, value, manage, onChange }: BudgetProps) {
  const id = useId();
  // What the server allows is less than what was decided, or was not decided at all.
  const capped = [
    limit.tokens !== decided.tokens && limit.tokens !== null && `${formatCount(limit.tokens)} ${texts.tokens.toLowerCase()}`,
    limit.micros !== decided.micros && limit.micros !== null && formatMoney(limit.micros),
  ].filter(Boolean);
  const fields = [
    ["tokens", texts.tokens, "numeric"],
    ["money", texts.money, "decimal"],
  ] as const;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2 rounded-card border border-line px-4 py-3">
      <legend className="sr-only">{title}</legend>
      <p aria-hidden className="font-medium">
        {title}
      </p>
      {fields.map(([name, label, mode]) => (
        <div key={name} className="grid grid-cols-[4.5rem_minmax(0,1fr)] items-center gap-2">
          <label htmlFor={`${id}-${name}`} className="text-muted">
            {label}
          </label>
          <input
            id={`${id}-${name}`}
            inputMode={mode}
            readOnly={!manage}
            aria-describedby={`${id}-about`}
            value={value[name]}
            onChange={(event) => onChange({ ...value, [name]: event.target.value })}
            className={cx(fieldLook, "h-9")}
          />
        </div>
      ))}
      <p id={`${id}-about`} className="text-meta text-faint">
        {texts.unlimited} {capped.length > 0 && texts.capped(capped.join(", "))}
      </p>
      <p className="tabular-nums">{spent(formatCount(today.tokens), formatMoney(today.micros))}</p>
    </fieldset>
  );
}
