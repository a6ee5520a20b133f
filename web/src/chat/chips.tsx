import { X, type LucideIcon } from "lucide-react";

import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";

interface Props {
  icon: LucideIcon;
  name: string;
  /** Its size, and why it is here. */
  notes?: readonly string[];
  /** The name of the button that takes it away. */
  takeLabel?: string;
  onTake?: () => void;
}

/** A piece of context: what it is, why it is there, and the way to do without it. */
export function Chip({ icon: Icon, name, notes = [], takeLabel, onTake }: Props) {
  const text = visible(name);
  return (
    <li className="inline-flex max-w-full items-center gap-1.5 rounded-control border border-line bg-subtle ps-2 text-meta">
      <Icon size={12} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />
      <span className={cx("truncate py-1 text-text", notes.length > 0 ? "max-w-[60%] shrink-0" : "min-w-0")} title={text}>
        {text}
      </span>
      {notes.length > 0 && <span className="min-w-0 flex-1 truncate text-faint" title={notes.join(" · ")}>{notes.join(" · ")}</span>}
      {onTake ? (
        <button
          type="button"
          aria-label={takeLabel}
          title={takeLabel}
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-control text-faint hover:bg-sunken hover:text-text pointer-coarse:size-9"
          onClick={onTake}
        >
          <X size={12} aria-hidden />
        </button>
      ) : (
        <span className="w-1" />
      )}
    </li>
  );
}
