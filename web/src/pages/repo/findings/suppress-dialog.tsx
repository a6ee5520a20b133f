import { useMutation, useQuery } from "@tanstack/react-query";
import { EyeOff } from "lucide-react";
import { useId, useState, type ReactNode } from "react";

import { problemOf } from "@/api/client";
import { previewQuery, suppress, unsuppress } from "@/api/triage";
import type { SuppressionKind, SuppressionTarget } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { sumOf } from "@/lib/count";
import { sayAfter } from "@/lib/say-after";
import { common } from "@/texts/common";
import { findings } from "@/texts/findings";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { fieldLook } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { SeverityTally } from "@/ui/severity";
import { toast } from "@/ui/toast";

const texts = findings.suppress;

const KINDS = Object.keys(texts.kinds) as SuppressionKind[];

/** Kinds that say too little without a reason. */
const NEEDED = new Set<SuppressionKind>(["accepted_risk", "wont_fix"]);

/** Days to choose from; an accepted risk always comes back. */
const DAYS = [30, 90, 180, 365];

/** What can be suppressed, the narrowest first. */
export interface Choice {
  label: string;
  target: SuppressionTarget;
  /** The rows that leave the list at once. */
  ids: ReadonlySet<string>;
}

interface Props {
  repo: string;
  choices: readonly Choice[];
  onDone: () => void;
  onClose: () => void;
}

/** Asks why findings are not to be acted on, for how long, and says what that would hide. */
export default function SuppressDialog({ repo, choices, onDone, onClose }: Props) {
  const ws = useWorkspace();
  const id = useId();
  const [kind, setKind] = useState<SuppressionKind>("false_positive");
  const [chosen, setChosen] = useState(0);
  const [reason, setReason] = useState("");
  const [days, setDays] = useState<number>();
  const [missing, setMissing] = useState(false);
  const offline = useOffline();
  const choice = choices[chosen] ?? choices[0];
  // In its options, because the dialog is gone by the time it is done.
  const back = useMutation({ ...unsuppress(ws, repo), onError: (error) => toast(problemOf(error).detail), onSuccess: () => toast(texts.undone) });
  const make = useMutation(suppress(ws, repo));
  const preview = useQuery({ ...previewQuery(ws, repo, choice?.target ?? { scope: "findings", ids: [] }), enabled: choice !== undefined && offline === undefined });
  if (!choice) return null;
  const ends = days ?? (kind === "accepted_risk" ? 90 : 0);
  const wordless = NEEDED.has(kind) && reason.trim() === "";
  const submit = () => {
    if (wordless) {
      setMissing(true);
      document.getElementById(`${id}-reason`)?.focus();
      return;
    }
    sayAfter(
      make,
      { suppression: { kind, reason: reason.trim(), target: choice.target, ...(ends > 0 ? { days: ends } : {}) }, ids: choice.ids },
      (made) => toast(texts.done(made.findings), { undo: () => back.mutate(made) }),
      {
        onSuccess: onDone,
      },
    );
  };
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <form
        className="flex flex-col gap-4 text-dense"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium">{texts.scope}</legend>
          {choices.map((each, index) => (
            <label key={each.label} className="flex items-start gap-2">
              <input type="radio" name={`${id}-scope`} className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]" checked={index === chosen} onChange={() => setChosen(index)} />
              <span className="[overflow-wrap:anywhere]">{each.label}</span>
            </label>
          ))}
        </fieldset>
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <Labelled label={texts.kind} id={`${id}-kind`}>
            <select id={`${id}-kind`} className={fieldLook} value={kind} onChange={(event) => setKind(event.target.value as SuppressionKind)}>
              {KINDS.map((each) => (
                <option key={each} value={each}>
                  {texts.kinds[each]}
                </option>
              ))}
            </select>
          </Labelled>
          <Labelled label={texts.days} id={`${id}-days`}>
            <select id={`${id}-days`} className={fieldLook} value={ends} onChange={(event) => setDays(Number(event.target.value))}>
              {kind !== "accepted_risk" && <option value={0}>{texts.never}</option>}
              {DAYS.map((each) => (
                <option key={each} value={each}>
                  {texts.inDays(each)}
                </option>
              ))}
            </select>
          </Labelled>
        </div>
        <Labelled label={texts.reason} id={`${id}-reason`}>
          <textarea
            id={`${id}-reason`}
            rows={3}
            maxLength={1000}
            value={reason}
            aria-describedby={`${id}-hint`}
            aria-invalid={(missing && wordless) || undefined}
            onChange={(event) => setReason(event.target.value)}
            className="rounded-control border border-control bg-bg px-2.5 py-1.5 aria-invalid:border-critical"
          />
          <span id={`${id}-hint`} className={missing && wordless ? "text-meta text-critical" : "text-meta text-faint"} role={missing && wordless ? "alert" : undefined}>
            {missing && wordless ? texts.reasonMissing : NEEDED.has(kind) ? texts.reasonHint.needed : texts.reasonHint.optional}
          </span>
        </Labelled>
        <div className="min-h-20 rounded-card bg-subtle px-3 py-2" aria-live="polite" aria-busy={preview.isFetching}>
          {preview.data && (
            <>
              <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium">
                {texts.covers(preview.data.total)}
                <SeverityTally counts={preview.data.counts.shipped} />
              </p>
              <p className="text-muted">{texts.coversParts(sumOf(preview.data.counts.shipped), sumOf(preview.data.counts.tests))}</p>
              {preview.data.hidden_already > 0 && <p className="text-muted">{texts.hiddenAlready(preview.data.hidden_already)}</p>}
            </>
          )}
          <p className="mt-1 text-meta text-faint">{texts.honest}</p>
        </div>
        {preview.error && <Problem error={preview.error} />}
        {make.error && <Problem error={make.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button look="primary" type="submit" icon={EyeOff} busy={make.isPending}>
            {preview.data ? texts.confirm(preview.data.total) : texts.title}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Labelled({ label, id, children }: { label: string; id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children}
    </div>
  );
}
