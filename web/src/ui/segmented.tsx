import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

import { segmentLook, segmentsLook } from "./segments";

interface Segment<T> {
  value: T;
  label: ReactNode;
  icon?: LucideIcon;
  /** Why it cannot be taken now. It stays reachable, so that the reason can be read. */
  blocked?: string | undefined;
}

interface Props<T> {
  /** What is chosen here. */
  label: string;
  segments: readonly Segment<T>[];
  value: T;
  onChoose: (value: T) => void;
  className?: string;
}

/** A few ways to look at the same thing, of which one is taken. */
export function Segmented<T extends string | number>({ label, segments, value, onChoose, className }: Props<T>) {
  return (
    <div role="group" aria-label={label} className={cx(segmentsLook, className)}>
      {segments.map(({ value: each, label: name, icon: Icon, blocked }) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === value}
          aria-disabled={blocked !== undefined || undefined}
          title={blocked}
          className={cx(segmentLook(each === value), blocked !== undefined && "opacity-55")}
          onClick={() => blocked === undefined && onChoose(each)}
        >
          {Icon && <Icon size={14} strokeWidth={1.75} aria-hidden />}
          {name}
        </button>
      ))}
    </div>
  );
}
