import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";

import { importAdvisories, setAdvisoryMode } from "@/api/mutations/advisories";
import type { AdvisoryMode, AdvisoryStatus } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { advisory as texts } from "@/texts/advisory";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { Problem } from "@/ui/problem";

const CHOICES: { mode: AdvisoryMode; title: string; hint: string }[] = [
  { mode: "online", title: texts.online, hint: texts.onlineHint },
  { mode: "none", title: texts.none, hint: texts.noneHint },
  // Last, so that the field it needs stands right below it.
  { mode: "mirror", title: texts.mirror, hint: texts.mirrorHint },
];

/** Asks once how known vulnerabilities are to be looked up, and says what leaves the server. */
export default function AdvisoryChoice({ status }: { status: AdvisoryStatus }) {
  const ws = useWorkspace();
  const id = useId();
  const [path, setPath] = useState("");
  // The choice is on the screen in the same frame; a refusal takes it back.
  const [chosen, setChosen] = useState<AdvisoryMode>();
  const decide = useMutation({ ...setAdvisoryMode(ws), onError: () => setChosen(undefined) });
  const load = useMutation(importAdvisories(ws));
  const mode = chosen ?? status.mode;
  const records = status.ecosystems.reduce((sum, each) => sum + each.records, 0);
  if (!status.can.set_mode) return null;
  return (
    <fieldset className="rounded-card border border-line p-4">
      <legend className="px-1 text-body font-semibold">{texts.title}</legend>
      <p className="mb-3 max-w-[72ch] text-dense text-muted">{texts.lead}</p>
      <div className="flex flex-col gap-2.5">
        {CHOICES.map((choice) => (
          <label key={choice.mode} className="flex items-start gap-2.5 text-dense">
            <input
              type="radio"
              name={`${id}-mode`}
              className="mt-0.5 size-4 accent-[var(--accent)]"
              checked={mode === choice.mode}
              onChange={() => {
                setChosen(choice.mode);
                decide.mutate(choice.mode);
              }}
            />
            <span>
              <span className="font-medium">{choice.title}</span>
              <span className="block text-muted">{choice.hint}</span>
            </span>
          </label>
        ))}
      </div>
      {mode === "mirror" && status.can.import && (
        <form
          className="mt-3 flex flex-col gap-1.5 ps-6.5"
          onSubmit={(event) => {
            event.preventDefault();
            load.mutate(path.trim());
          }}
        >
          <label htmlFor={`${id}-path`} className="text-dense font-medium">
            {texts.path}
          </label>
          <div className="flex gap-2">
            <input
              id={`${id}-path`}
              required
              spellCheck={false}
              autoComplete="off"
              value={path}
              onChange={(event) => setPath(event.target.value)}
              className={cx(fieldLook, "font-mono")}
            />
            <Button type="submit" busy={load.isPending}>
              {load.isPending ? texts.importing : texts.importNow}
            </Button>
          </div>
          {records > 0 && <p className="text-dense text-ok">{texts.imported(records)}</p>}
        </form>
      )}
      {(decide.error ?? load.error) && (
        <div className="mt-3">
          <Problem error={decide.error ?? load.error} />
        </div>
      )}
    </fieldset>
  );
}
