/** What tells one memory from another at a glance. */
import { Archive, Bookmark, Bug, Clock, History, MessagesSquare, NotebookPen, Scale, Shapes, TriangleAlert, type LucideIcon } from "lucide-react";

import type { MemoryKind, MemoryState } from "@/api/types";
import { memory as texts } from "@/texts/memory";
import { Tag } from "@/ui/tag";
import type { Tone } from "@/ui/tones";

const KINDS: Record<MemoryKind, LucideIcon> = {
  note: NotebookPen,
  decision: Scale,
  error_fix: Bug,
  discussion: MessagesSquare,
  bookmark: Bookmark,
  pattern: Shapes,
};

export function KindIcon({ kind, size = 14 }: { kind: MemoryKind; size?: number }) {
  const Icon = KINDS[kind];
  return <Icon size={size} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />;
}

const STATES: Record<Exclude<MemoryState, "active">, [Tone, LucideIcon]> = {
  needs_review: ["medium", TriangleAlert],
  superseded: ["neutral", History],
  archived: ["neutral", Archive],
  expired: ["neutral", Clock],
};

/** What is to be known about the state; of one that simply holds, nothing. */
export function StateTag({ state }: { state: MemoryState }) {
  if (state === "active") return null;
  const [tone, icon] = STATES[state];
  return (
    <Tag tone={tone} icon={icon}>
      {texts.states[state]}
    </Tag>
  );
}

/** Whether memories in this state are recalled. */
export const isRecalled = (state: MemoryState): boolean => state === "active" || state === "needs_review";
