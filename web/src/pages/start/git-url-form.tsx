import { useId, useState } from "react";

import type { Probe } from "@/api/types";
import { cx } from "@/lib/cx";
import { forms as texts } from "@/texts/source-forms";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";

import { ProbeState } from "./local-path-form";
import { useFound, useProbe } from "./use-probe";

interface Props {
  onAdd: (probe: Probe) => void;
  /** Gets the repository that stands in the field, or nothing while there is none. */
  onFound: (probe: Probe | undefined) => void;
}

/** A Git address. It is only contacted when asked to, never while it is typed. */
export default function GitUrlForm({ onAdd, onFound }: Props) {
  const id = useId();
  const [url, setUrl] = useState("");
  const [tested, setTested] = useState("");
  const probe = useProbe(tested, tested !== "");
  const found = tested === url.trim() ? probe.data : undefined;
  useFound(found, onFound);
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
