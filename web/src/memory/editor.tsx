import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState, type FormEvent, type ReactNode } from "react";

import { problemOf } from "@/api/client";
import { memoryQuery } from "@/api/memories";
import { forgetMemory, remember, supersedeMemory, updateMemory } from "@/api/mutations/memories";
import type { Memory, MemoryEvidence, MemoryKind, NewMemory } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { useOffline } from "@/lib/offline";
import { sayAfter } from "@/lib/say-after";
import { isConflict, type MemoryFields } from "@/offline/change";
import { common } from "@/texts/common";
import { memory as words, memoryEditor as texts } from "@/texts/memory";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { fieldLook } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";

import { EvidenceEditor } from "./evidence-editor";
import type { Writing } from "./writing";

/** What the server takes. */
const LONGEST = { title: 300, text: 20_000 };

const KINDS = Object.keys(words.kinds) as MemoryKind[];

interface Props extends Omit<Writing, "workspace"> {
  onClose: () => void;
}

/** Where a memory is written, changed or replaced. What is written stays until it is saved or given up. */
export default function Editor({ draft, memory, replaces = false, onSaved, onUndone, onClose }: Props) {
  const ws = useWorkspace();
  const id = useId();
  const offline = useOffline();
  const [base] = useState(memory);
  // As it is now, where somebody changed it meanwhile: that is what is replaced.
  const latest = useQuery({ ...memoryQuery(ws, base?.id ?? ""), enabled: false }).data?.data ?? base;
  const [given] = useState<NewMemory>(() => ({ title: "", ...draft, ...(base && fieldsOf(base)) }));
  const [title, setTitle] = useState(given.title);
  const [text, setText] = useState(given.text ?? "");
  const [kind, setKind] = useState<MemoryKind>(given.kind ?? "note");
  const [tags, setTags] = useState((given.tags ?? []).join(", "));
  const [evidence, setEvidence] = useState(given.evidence ?? []);
  const [piece, setPiece] = useState<MemoryEvidence>();
  const [mine, setMine] = useState(draft?.scope === "private");
  const [until, setUntil] = useState(dayOf(given.expires_at));
  const [missing, setMissing] = useState(false);
  const [leaving, setLeaving] = useState(false);

  const forget = useMutation({ ...forgetMemory(ws), onError: (error) => toast(problemOf(error).detail) });
  const undo = (made: Memory) =>
    sayAfter(forget, made, () => {
      toast(words.forgotten);
      onUndone?.();
    });
  const save = useMutation(remember(ws));
  const update = useMutation(updateMemory(ws));
  const replace = useMutation(supersedeMemory(ws));
  const error = save.error ?? update.error ?? replace.error;
  const editing = base !== undefined && !replaces;
  // A piece of evidence that was written belongs to it, whether or not it was added before.
  const resting = piece && piece.target.trim() !== "" ? [...evidence, { ...piece, target: piece.target.trim() }] : evidence;
  const written = { title: title.trim(), text, kind, tags: tagsOf(tags), evidence: resting };
  const whole = JSON.stringify({ ...written, until, mine });
  const [begun] = useState(whole);
  // What was written is not lost by a key or a click beside the dialog.
  const leave = () => (whole === begun || leaving ? onClose() : setLeaving(true));

  const saved = (made: Memory) => {
    onSaved?.(made);
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() === "") {
      setMissing(true);
      document.getElementById(`${id}-title`)?.focus();
      return;
    }
    const ends = until === "" ? null : until === dayOf(given.expires_at) ? given.expires_at : endOf(until);
    const complete: NewMemory = { ...written, ...(ends ? { expires_at: ends } : {}) };
    if (editing) {
      const fields = changesOf(base, { ...written, expires_at: ends ?? null });
      if (Object.keys(fields).length === 0) {
        toast(texts.unused);
        onClose();
        return;
      }
      sayAfter(update, { memory: base, fields }, () => toast(words.saved), {
        onSuccess: saved,
        // Somebody was faster: what was written is kept with the change, which asks beside what is there now.
        onError: (refused) => isConflict(problemOf(refused)) && onClose(),
      });
    } else if (latest) {
      sayAfter(replace, { memory: latest, by: complete }, () => toast(words.savedReplaced), { onSuccess: saved });
    } else {
      const memory: NewMemory = { ...complete, scope: mine ? "private" : "workspace" };
      // One that waits for the server has no version yet: the line at the top of the page has it, and the way back.
      sayAfter(save, memory, (made) => toast(words.saved, made.version > 0 ? { undo: () => undo(made) } : {}), { onSuccess: saved });
    }
  };

  return (
    <Dialog title={editing ? texts.editTitle : base ? texts.replaceTitle : texts.newTitle} onClose={leave} asks className="!w-[min(640px,calc(100vw-32px))]">
      <form noValidate className="flex flex-col gap-4 text-dense" onSubmit={submit} onChange={() => setLeaving(false)}>
        {replaces && <p className="text-muted">{texts.replaceLead}</p>}
        <Labelled label={texts.title} id={`${id}-title`} hint={missing && title.trim() === "" ? undefined : texts.titleHint} fault={missing && title.trim() === "" ? texts.titleMissing : undefined}>
          <input
            id={`${id}-title`}
            autoFocus
            aria-required
            aria-describedby={`${id}-title-about`}
            aria-invalid={(missing && title.trim() === "") || undefined}
            maxLength={LONGEST.title}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            className={cx(fieldLook, "h-9 aria-invalid:border-critical")}
          />
        </Labelled>
        <Labelled label={texts.text} id={`${id}-text`} hint={texts.textHint}>
          <textarea
            id={`${id}-text`}
            aria-describedby={`${id}-text-about`}
            rows={Math.min(14, Math.max(5, text.split("\n").length + 1))}
            maxLength={LONGEST.text}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
            }}
            className="w-full rounded-control border border-control bg-bg px-2.5 py-1.5"
          />
        </Labelled>
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <Labelled label={texts.kind} id={`${id}-kind`}>
            <select id={`${id}-kind`} value={kind} onChange={(event) => setKind(event.target.value as MemoryKind)} className={cx(fieldLook, "h-9")}>
              {KINDS.map((each) => (
                <option key={each} value={each}>
                  {words.kinds[each]}
                </option>
              ))}
            </select>
          </Labelled>
          <Labelled label={texts.expires} id={`${id}-until`} hint={texts.expiresHint}>
            <input
              id={`${id}-until`}
              type="date"
              aria-describedby={`${id}-until-about`}
              min={dayOf(new Date().toISOString())}
              value={until}
              onChange={(event) => setUntil(event.target.value)}
              className={cx(fieldLook, "h-9")}
            />
          </Labelled>
        </div>
        <Labelled label={texts.tags} id={`${id}-tags`} hint={texts.tagsHint}>
          <input
            id={`${id}-tags`}
            aria-describedby={`${id}-tags-about`}
            autoCapitalize="none"
            spellCheck={false}
            value={tags}
            onChange={(event) => setTags(event.target.value)}
            className={cx(fieldLook, "h-9")}
          />
        </Labelled>
        <EvidenceEditor evidence={evidence} onChange={setEvidence} piece={piece} onPiece={setPiece} />
        {!base && (
          <fieldset className="flex flex-wrap gap-x-6 gap-y-1">
            <legend className="mb-1 font-medium">{texts.scope}</legend>
            {[false, true].map((own) => (
              <label key={String(own)} className="flex min-h-6 items-center gap-2">
                <input type="radio" name={`${id}-scope`} checked={mine === own} onChange={() => setMine(own)} className="size-4 accent-[var(--accent)]" />
                {own ? texts.onlyMe : texts.everybody}
              </label>
            ))}
          </fieldset>
        )}
        {replaces && isConflict(problemOf(error)) ? (
          <p role="alert" className="rounded-card bg-medium-bg px-3 py-2 text-medium">
            {texts.replaceChanged}
          </p>
        ) : (
          error && <Problem error={error} />
        )}
        <div className="flex flex-wrap items-center justify-end gap-2">
          {leaving && (
            <p role="alert" className="me-auto text-medium">
              {texts.unsaved}
            </p>
          )}
          <Button onClick={leave}>{leaving ? texts.giveUp : common.cancel}</Button>
          <Button type="submit" look="primary" busy={save.isPending || update.isPending || replace.isPending} blocked={replaces ? offline : undefined}>
            {editing ? texts.saveChanges : base ? texts.replace : texts.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const fieldsOf = ({ title, text, kind, tags, evidence, expires_at }: Memory): NewMemory => ({ title, text, kind, tags, evidence, ...(expires_at ? { expires_at } : {}) });

/** What was changed of a memory. */
function changesOf(memory: Memory, written: Required<MemoryFields>): MemoryFields {
  const changed = Object.entries(written).filter(([name, value]) => JSON.stringify(memory[name as keyof MemoryFields]) !== JSON.stringify(value));
  return Object.fromEntries(changed);
}

/** In lower case, in order, each once: as the server keeps them. */
const tagsOf = (text: string): string[] => [...new Set(text.split(",").map((tag) => tag.trim().replace(/\s+/g, " ").toLowerCase()))].filter(Boolean).sort();

/** The day of an instant where the reader is, as a field for dates has it. */
function dayOf(instant: string | null | undefined): string {
  if (!instant) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** The end of a day where the reader is. */
const endOf = (day: string): string => new Date(`${day}T23:59:59`).toISOString();

function Labelled({ label, id, hint, fault, children }: { label: string; id: string; hint?: string | undefined; fault?: string | undefined; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children}
      {(fault ?? hint) && (
        <p id={`${id}-about`} role={fault ? "alert" : undefined} className={cx("text-meta", fault ? "text-critical" : "text-faint")}>
          {fault ?? hint}
        </p>
      )}
    </div>
  );
}
