import { EyeOff, X } from "lucide-react";

import { formatCount } from "@/lib/count";
import { findings as texts } from "@/texts/findings";
import { Button } from "@/ui/button";

import type { Selection } from "./selection";

interface Props {
  selection: Selection;
  loaded: number;
  total: number;
  onSuppress: () => void;
}

/** What can be done with the chosen rows: it stays in sight at the lower edge. */
export default function BulkBar({ selection, loaded, total, onSuppress }: Props) {
  const count = selection.all ? total : selection.ids.size;
  return (
    <div
      role="region"
      aria-label={texts.chosen(count)}
      className="arrive sticky bottom-3 z-20 mt-3 flex flex-wrap items-center gap-2 rounded-card border border-control bg-raised px-3 py-2 text-dense shadow-overlay"
    >
      <span role="status" className="font-medium">
        {texts.chosen(count)}
      </span>
      {!selection.all && selection.ids.size < total && (
        <Button look="ghost" onClick={selection.ids.size < loaded ? selection.listed : selection.everything}>
          {selection.ids.size < loaded ? `${texts.chooseListed} (${formatCount(loaded)})` : texts.chooseAll(total)}
        </Button>
      )}
      <Button look="ghost" icon={X} onClick={selection.clear}>
        {texts.unchoose}
      </Button>
      <Button look="primary" icon={EyeOff} className="ms-auto" onClick={onSuppress}>
        {texts.suppress.action}
      </Button>
    </div>
  );
}
