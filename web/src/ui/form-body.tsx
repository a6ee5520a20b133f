import { Eye, EyeOff } from "lucide-react";
import { useEffect, useId, useRef, useState, type FormEvent } from "react";

import { problemOf } from "@/api/client";
import { useCountdown } from "@/lib/countdown";
import { cx } from "@/lib/cx";
import { formatDuration } from "@/lib/format";
import { form as texts } from "@/texts/form";

import { Button, IconButton } from "./button";
import { fieldLook } from "./field";
import type { FieldSpec, FormProps } from "./form";
import { Prose } from "./prose";

interface Faults {
  fields: Record<string, string>;
  /** What is wrong with no single field. */
  whole?: string | undefined;
}

const TYPES = { text: "text", email: "email", password: "password", code: "text" } as const;

/** A form of a few lines: what is wrong stands at the fields and, together, on top, where the focus goes. */
export default function FormBody({ fields, action, send, children, wide, blocked, username, autoFocus }: FormProps) {
  const id = useId();
  const [values, setValues] = useState(() => Object.fromEntries(fields.map(({ name, initial }) => [name, initial ?? ""])));
  const [faults, setFaults] = useState<Faults>();
  const [busy, setBusy] = useState(false);
  const [until, setUntil] = useState(0);
  const first = fields[0]?.name;
  useEffect(() => {
    if (autoFocus && first) document.getElementById(`${id}-${first}`)?.focus();
  }, [autoFocus, first, id]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // Its dialog may stand inside another form, which is not sent with it.
    event.stopPropagation();
    if (busy || until > Date.now() || blocked !== undefined) return;
    const found = checked(fields, values);
    setFaults(found);
    if (found) return;
    setUntil(0);
    setBusy(true);
    try {
      await send(values);
    } catch (error) {
      const { retry_after: wait } = problemOf(error);
      setUntil(wait ? Date.now() + wait * 1000 : 0);
      setFaults(faultsOf(error, fields));
    }
    setBusy(false);
  };

  return (
    <form noValidate className="flex flex-col gap-4 text-dense" onSubmit={(event) => void submit(event)}>
      {faults && <Summary faults={faults} fields={fields} id={id} />}
      {username !== undefined && <input type="text" autoComplete="username" value={username} readOnly hidden />}
      {fields.map((field) => (
        <Field
          key={field.name}
          id={`${id}-${field.name}`}
          field={field}
          value={values[field.name] ?? ""}
          fault={faults?.fields[field.name]}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      {children}
      <div>
        {until > 0 ? (
          <Waiting until={until} wide={wide} action={action} />
        ) : (
          <Button type="submit" look="primary" busy={busy} blocked={blocked} className={cx("h-9 px-4", wide && "w-full")}>
            {action}
          </Button>
        )}
      </div>
    </form>
  );
}

/** What is wrong as far as this side can tell. */
function checked(fields: readonly FieldSpec[], values: Record<string, string>): Faults | undefined {
  const wrong = fields.flatMap((field) => {
    const value = values[field.name] ?? "";
    if (value.trim() === "") return field.optional ? [] : [[field.name, texts.missing(field.label)]];
    const why = field.check?.(value);
    return why ? [[field.name, why]] : [];
  });
  return wrong.length > 0 ? { fields: Object.fromEntries(wrong) as Record<string, string> } : undefined;
}

/** What the server says is wrong: at the fields that it names and that are there, else for the whole. */
export function faultsOf(error: unknown, fields: readonly Pick<FieldSpec, "name">[]): Faults {
  const problem = problemOf(error);
  if (problem.status === 0 && problem.code === "unreachable") return { fields: {}, whole: texts.unreachable };
  const known = problem.errors.filter(({ field }) => fields.some(({ name }) => field === `/${name}`));
  if (known.length === 0) {
    const wait = problem.retry_after;
    return { fields: {}, whole: problem.status === 429 && wait ? texts.tooMany(formatDuration(wait * 1000)) : problem.detail };
  }
  return { fields: Object.fromEntries(known.map(({ field, message }) => [field.slice(1), sentence(message)])) };
}

/** The server's words about a field begin small and end open, because they also stand inside a sentence. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

/** Everything that is wrong, where the focus goes; each line leads to its field. */
function Summary({ faults, fields, id }: { faults: Faults; fields: readonly FieldSpec[]; id: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus(), [faults]);
  const wrong = fields.filter(({ name }) => faults.fields[name]);
  return (
    <div ref={ref} tabIndex={-1} role="group" aria-labelledby={`${id}-wrong`} className="rounded-control bg-critical-bg px-3 py-2 text-critical">
      <p id={`${id}-wrong`} className="font-medium">
        <Prose text={faults.whole ?? texts.fields(wrong.length)} />
      </p>
      {wrong.length > 0 && (
        <ul className="mt-1 flex flex-col gap-0.5">
          {wrong.map(({ name, label }) => (
            <li key={name}>
              <button type="button" className="min-h-6 text-start underline" onClick={() => document.getElementById(`${id}-${name}`)?.focus()}>
                {label}: {faults.fields[name]}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface FieldProps {
  id: string;
  field: FieldSpec;
  value: string;
  fault: string | undefined;
  onChange: (value: string) => void;
}

function Field({ id, field, value, fault, onChange }: FieldProps) {
  const [shown, setShown] = useState(false);
  const { kind = "text" } = field;
  const remark = field.remark?.(value) ?? field.hint;
  const secret = kind === "password";
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {field.label}
        {field.optional && <span className="font-normal text-faint"> ({texts.optional})</span>}
      </label>
      <div className="relative">
        <input
          id={id}
          name={field.name}
          type={secret && shown ? "text" : TYPES[kind]}
          autoComplete={field.autoComplete}
          autoCapitalize={kind === "text" ? undefined : "none"}
          spellCheck={false}
          inputMode={kind === "code" ? "numeric" : undefined}
          aria-required={!field.optional}
          aria-invalid={fault !== undefined || undefined}
          aria-describedby={fault || remark ? `${id}-about` : undefined}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={cx(
            fieldLook,
            "h-9",
            secret && "pe-10",
            kind === "code" && "font-mono tracking-[0.3em]",
            fault !== undefined && "border-critical",
          )}
        />
        {secret && (
          <span className="absolute inset-y-0 end-0.5 flex items-center">
            <IconButton
              icon={shown ? EyeOff : Eye}
              label={`${shown ? texts.hide : texts.show}`}
              aria-controls={id}
              onClick={() => setShown(!shown)}
            />
          </span>
        )}
      </div>
      {(fault || remark) && (
        <p id={`${id}-about`} className={cx("text-meta", fault ? "text-critical" : "text-faint")}>
          {fault ?? remark}
        </p>
      )}
    </div>
  );
}

/** The button while it has to wait: it counts for the eyes; whoever listens hears the beginning and the end. */
function Waiting({ until, wide, action }: { until: number; wide: boolean | undefined; action: string }) {
  const seconds = useCountdown(until);
  return (
    <>
      <Button
        type="submit"
        look="primary"
        blocked={seconds > 0 ? texts.wait(formatDuration(seconds * 1000)) : undefined}
        className={cx("h-9 px-4 tabular-nums", wide && "w-full")}
      >
        {seconds > 0 ? texts.wait(formatDuration(seconds * 1000)) : action}
      </Button>
      <span role="status" className="sr-only">
        {seconds > 0 ? "" : texts.waitOver}
      </span>
    </>
  );
}
