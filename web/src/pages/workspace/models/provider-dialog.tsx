import { useId, useState } from "react";

import { addModelProvider, updateModelProvider } from "@/api/models";
import type { ModelProvider } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";
import { models as texts } from "@/texts/models";
import { Dialog } from "@/ui/dialog";
import { type FieldSpec, Form } from "@/ui/form";

type Kind = ModelProvider["kind"];

const KINDS = Object.keys(texts.kinds) as Kind[];

/** Sets a provider up, or changes one. A key is written, and never read. */
export default function ProviderDialog({ provider, onClose }: { provider?: ModelProvider; onClose: () => void }) {
  const ws = useWorkspace();
  const group = useId();
  const [kind, setKind] = useState<Kind>(provider?.kind ?? "anthropic");
  const [drop, setDrop] = useState(false);
  const place = !provider ? texts.addressHint[kind] : provider.has_key ? texts.addressMoves : "";
  const fields: FieldSpec[] = [
    { name: "name", label: texts.name, autoComplete: "off", hint: texts.nameHint, initial: provider?.name ?? texts.kinds[kind] },
    { name: "address", label: texts.address, autoComplete: "url", optional: provider === undefined, hint: place, initial: provider?.address ?? "" },
    // No password manager is to fill in what belongs to a machine.
    { name: "key", label: texts.key, kind: "password", autoComplete: "off", optional: kind !== "anthropic" || provider?.has_key === true, hint: provider?.has_key ? texts.keyKept : texts.keyHint },
  ];
  const send = async ({ name = "", address = "", key = "" }: Record<string, string>) => {
    const given = { name: name.trim(), ...(drop ? { key: "" } : key.trim() === "" ? {} : { key: key.trim() }) };
    const wanted = address.trim();
    if (provider?.id) {
      const moved = wanted === provider.address ? {} : { address: wanted };
      await updateModelProvider(ws, provider.id, { version: provider.version, ...given, ...moved });
    } else {
      await addModelProvider(ws, { kind, ...given, ...(wanted === "" ? {} : { address: wanted }) });
    }
    onClose();
  };
  return (
    <Dialog title={provider ? texts.changeTitle(visible(provider.name)) : texts.addTitle} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {!provider && (
          <div role="radiogroup" aria-label={texts.kind} className="flex w-fit flex-wrap rounded-control border border-line">
            {KINDS.map((each) => (
              <label
                key={each}
                className={cx(
                  "tap flex items-center rounded-control px-3 text-dense has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-focus",
                  kind === each ? "bg-sunken font-medium text-text" : "text-muted hover:text-text",
                )}
              >
                <input type="radio" name={group} className="sr-only" checked={kind === each} onChange={() => setKind(each)} />
                {texts.kinds[each]}
              </label>
            ))}
          </div>
        )}
        {/* A key that was typed for one kind is not sent to another. */}
        <Form key={kind} fields={fields} action={texts.save} send={send}>
          {provider?.has_key && kind !== "anthropic" && (
            <label className="tap flex w-fit items-center gap-2">
              <input type="checkbox" checked={drop} onChange={(event) => setDrop(event.target.checked)} />
              {texts.keyDrop}
            </label>
          )}
        </Form>
      </div>
    </Dialog>
  );
}
