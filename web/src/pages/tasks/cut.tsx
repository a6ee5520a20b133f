import { formatCount } from "@/lib/count";
import { lists } from "@/texts/lists";
import { Button } from "@/ui/button";

/** Says that the list is only the beginning, because all of it took too long; with the way to the rest. */
export default function Cut({ shown, total, busy, onRest }: { shown: number; total: number; busy: boolean; onRest: () => void }) {
  return (
    <p role="status" className="flex flex-wrap items-center gap-3 rounded-card bg-medium-bg px-3 py-2 text-dense text-medium">
      {lists.cut(formatCount(shown), formatCount(total))}
      <Button busy={busy} onClick={onRest}>
        {lists.rest}
      </Button>
    </p>
  );
}
