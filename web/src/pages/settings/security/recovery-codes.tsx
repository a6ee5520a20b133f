import { Copy, Download } from "lucide-react";
import { useState } from "react";

import { saveAs } from "@/lib/save-as";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";
import { secondFactor as texts } from "@/texts/second-factor";
import { Button } from "@/ui/button";

/** The recovery codes, shown this once: the dialog goes when they were saved. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const [saved, setSaved] = useState(false);
  const [copied, setCopied] = useState(false);
  const text = `${codes.join("\n")}\n`;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="flex flex-col gap-4 text-dense">
      <p className="text-muted">{texts.codesLead}</p>
      <ul className="grid gap-x-6 gap-y-1.5 sm:grid-cols-2 rounded-card border border-line bg-subtle p-4 font-mono">
        {codes.map((code) => (
          <li key={code}>{visible(code)}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button icon={Copy} onClick={() => void copy()}>
          {copied ? common.copied : texts.copyCodes}
        </Button>
        <Button icon={Download} onClick={() => saveAs(texts.file, text, "text/plain")}>
          {texts.download}
        </Button>
      </div>
      <label className="flex items-center gap-2">
        <input type="checkbox" className="size-4 accent-[var(--accent)]" checked={saved} onChange={(event) => setSaved(event.target.checked)} />
        {texts.saved}
      </label>
      <Button look="primary" className="self-end px-4" blocked={saved ? undefined : texts.savedFirst} onClick={onDone}>
        {texts.done}
      </Button>
    </div>
  );
}
