import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";

import { importAdvisories, setAdvisoryMode } from "@/api/mutations/advisories";
import type { AdvisoryMode, AdvisoryStatus } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { Ages } from "@/repo/advisory-ages";
import { advisory as texts } from "@/texts/advisory";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { Prose } from "@/ui/prose";

import { nothingImported } from "./advisory-question";

/** The ways to look vulnerabilities up. */
export const LOOK_UPS: { mode: AdvisoryMode; title: string; hint: string }[] = [
  { mode: "online", title: texts.online, hint: texts.onlineHint },
  { mode: "none", title: texts.none, hint: texts.noneHint },
  // Last, so that the field it needs stands right below it.
  { mode: "mirror", title: texts.mirror, hint: texts.mirrorHint },
];

interface Props {
  status: AdvisoryStatus;
  /** What is chosen on the screen; the server may not have it yet. */
  mode: AdvisoryMode;
  onMode: (mode: AdvisoryMode | undefined) => void;
  /** Whether the reader goes on with a mirror that holds nothing. */
  without: boolean;
  onWithout: (without: boolean) => void;
}

/** Asks once how known vulnerabilities are to be looked up, and says what leaves the server. */
export default function AdvisoryChoice({ status, mode, onMode, without, onWithout }: Props) {
  const ws = useWorkspace();
  const id = useId();
  // The choice is on the screen in the same frame; a refusal takes it back.
  const decide = useMutation({ ...setAdvisoryMode(ws), onError: () => onMode(undefined) });
  if (!status.can.set_mode) return null;
  return (
    <fieldset className="rounded-card border border-line p-4">
      <legend className="px-1 text-body font-semibold">{texts.title}</legend>
      <p className="mb-3 max-w-[72ch] text-dense text-muted">{texts.lead}</p>
      <div className="flex flex-col gap-2.5">
        {LOOK_UPS.map((choice) => (
          <label key={choice.mode} className="flex items-start gap-2.5 text-dense">
            <input
              type="radio"
              name={`${id}-mode`}
              className="mt-0.5 size-4 accent-[var(--accent)]"
              checked={mode === choice.mode}
              onChange={() => {
                onMode(choice.mode);
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
      {mode === "mirror" && (
        <div className="mt-3 flex flex-col gap-2 ps-6.5">
          <ImportMirror status={status} />
          {nothingImported(status) && (
            <label className="flex items-start gap-2.5 text-dense">
              <input
                type="checkbox"
                className="mt-0.5 size-4 accent-[var(--accent)]"
                checked={without}
                onChange={(event) => onWithout(event.target.checked)}
              />
              <span>
                {texts.without}
                <span className="block text-muted">{texts.noneHint}</span>
              </span>
            </label>
          )}
        </div>
      )}
      {decide.error && (
        <div className="mt-3">
          <Problem error={decide.error} />
        </div>
      )}
    </fieldset>
  );
}

/** What the mirror holds and how old that is, and how to fill it: here or with the command. */
export function ImportMirror({ status }: { status: AdvisoryStatus }) {
  const id = useId();
  const [path, setPath] = useState("");
  const load = useMutation(importAdvisories(useWorkspace()));
  const records = status.ecosystems.reduce((sum, each) => sum + each.records, 0);
  return (
    <>
      {records > 0 ? (
        <div role="status" className="flex flex-col gap-1.5 text-dense">
          <p className="text-muted">{texts.imported(records)}</p>
          <Ages known={status.ecosystems.flatMap(({ ecosystem, as_of }) => (as_of ? [{ ecosystem, asOf: as_of }] : []))} />
        </div>
      ) : (
        <p role="status" className="rounded-control bg-medium-bg px-2.5 py-1.5 text-dense font-medium text-medium">
          {texts.empty}
        </p>
      )}
      {status.can.import && (
        <form
          className="flex flex-col gap-1.5"
          onSubmit={(event) => {
            event.preventDefault();
            load.mutate(path.trim());
          }}
        >
          <label htmlFor={`${id}-path`} className="text-dense font-medium">
            {texts.path}
          </label>
          <div className="flex flex-wrap gap-2">
            <input
              id={`${id}-path`}
              required
              spellCheck={false}
              autoComplete="off"
              placeholder={texts.pathPlaceholder}
              value={path}
              onChange={(event) => setPath(event.target.value)}
              className={cx(fieldLook, "!w-auto flex-1 font-mono")}
            />
            <Button type="submit" busy={load.isPending}>
              {load.isPending ? texts.importing : records > 0 ? texts.importAgain : texts.importNow}
            </Button>
          </div>
        </form>
      )}
      <p className="text-dense text-muted">
        <Prose text={texts.command} />
      </p>
      {load.error && <Problem error={load.error} />}
    </>
  );
}
