import { useId, useState } from "react";

import type { Probe } from "@/api/types";
import { cx } from "@/lib/cx";
import { forms as texts } from "@/texts/source-forms";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";

import { ProbeState } from "./local-path-form";
import { useProbe } from "./use-probe";

/** A Git address. It is only contacted when asked to, never while it is typed. */
export default function GitUrlForm({ onAdd }: { onAdd: (probe: Probe) => void }) {
  const id = useId();
  const [url, setUrl] = useState("");
  const [tested, setTested] = useState("");
  const probe = useProbe(tested, tested !== "");
  const found = tested === url.trim() ? probe.data : undefined;
  return (
    <form
      className="flex flex-col gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (found) {
          onAdd(found);
          setUrl("");
          setTested("");
        } else if (url.trim() === tested) void probe.refetch();
        else setTested(url.trim());
      }}
    >
      <label htmlFor={`${id}-url`} className="text-dense font-medium">
        {texts.urlLabel}
      </label>
      <div className="flex gap-2">
        <input
          id={`${id}-url`}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder={texts.urlPlaceholder}
          value={url}
          aria-describedby={`${id}-state`}
          aria-invalid={probe.isError || undefined}
          className={cx(fieldLook, "h-9 font-mono")}
          onChange={(event) => setUrl(event.target.value)}
        />
        <Button type="submit" className="h-9" busy={probe.isFetching} look={found ? "primary" : "secondary"}>
          {found ? texts.add : texts.test}
        </Button>
      </div>
      <ProbeState id={`${id}-state`} probe={probe} shown={tested !== "" && tested === url.trim()} />
    </form>
  );
}
