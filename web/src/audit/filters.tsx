import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef, type ReactNode } from "react";

import type { AuditFilters } from "@/api/audit";
import type { Person } from "@/api/types";
import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";
import { auditList as texts } from "@/texts/audit-list";
import { fieldLook } from "@/ui/field";

import { actName, isOffered } from "./words";

interface Props {
  filters: AuditFilters;
  people: readonly Person[];
  /** Whether the acts of the whole server are listed, or those of one workspace. */
  whole: boolean;
}

/** By whom, which act, how it went, and when. */
export default function Filters({ filters, people, whole }: Props) {
  const navigate = useNavigate();
  const set = (change: AuditFilters) =>
    void navigate({
      to: ".",
      search: Object.fromEntries(Object.entries({ ...filters, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const { actor, action } = filters;
  return (
    <>
      <Choice label={texts.person} value={actor} all={texts.everybody} onChange={(value) => set({ actor: value })}>
        {/* An address may name somebody who is not here any more. */}
        {actor !== undefined && !people.some(({ id }) => id === actor) && <option value={actor}>{texts.nobody}</option>}
        {people.map((person) => (
          <option key={person.id} value={person.id}>
            {visible(person.name)}
          </option>
        ))}
      </Choice>
      <Choice label={texts.act} value={action} all={texts.everything} onChange={(value) => set({ action: value })}>
        {action !== undefined && !isOffered(action, whole) && <option value={action}>{actName(action)}</option>}
        {texts.groups
          .filter(({ server }) => whole || !server)
          .map(({ title, acts }) => (
            <optgroup key={title} label={title}>
              {Object.entries(acts).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </optgroup>
          ))}
      </Choice>
      <Choice
        label={texts.result}
        value={filters.done}
        all={texts.either}
        onChange={(done) => set({ done: done === "yes" || done === "no" ? done : undefined })}
      >
        <option value="yes">{texts.done}</option>
        <option value="no">{texts.refused}</option>
      </Choice>
      <Day label={texts.since} value={filters.since} onChange={(since) => set({ since })} />
      <Day label={texts.until} value={filters.until} onChange={(until) => set({ until })} />
    </>
  );
}

interface FieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** Two beside each other on a phone, each as wide as what it holds elsewhere. */
const boxLook = "flex min-w-0 flex-col gap-0.5 text-meta text-faint max-sm:w-[calc(50%-4px)]";

function Choice({ label, value = "", all, onChange, children }: FieldProps & { all: string; children: ReactNode }) {
  const id = useId();
  return (
    <div className={boxLook}>
      <label htmlFor={id}>{label}</label>
      <select id={id} className={cx(fieldLook, "sm:!w-auto sm:max-w-48")} value={value} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{all}</option>
        {children}
      </select>
    </div>
  );
}

function Day({ label, value = "", onChange }: FieldProps) {
  const id = useId();
  // The field has its own value while a date is typed: one that is put back between two digits loses them.
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (field.current && field.current.value !== value) field.current.value = value;
  }, [value]);
  return (
    <div className={boxLook}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={field}
        type="date"
        className={cx(fieldLook, "sm:!w-auto")}
        defaultValue={value}
        onChange={({ target: { value: day } }) => {
          // The first digits of a year are a year, too.
          if (day === "" || day >= "1000") onChange(day || undefined);
        }}
      />
    </div>
  );
}
