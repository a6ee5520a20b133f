/** What tells one source from another at a glance. */
import { Bookmark, ClipboardPaste, FileCode2, Gauge, Lightbulb, ScanSearch, SquareCheck, type LucideIcon } from "lucide-react";

import type { ChatAttachment, ChatSourceKind } from "@/api/types";

export const KIND_ICONS: Record<ChatSourceKind, LucideIcon> = {
  code: FileCode2,
  memory: Bookmark,
  finding: ScanSearch,
  insight: Lightbulb,
  task: SquareCheck,
  report: Gauge,
  snippet: ClipboardPaste,
};

/** The kind of source that something which is brought along becomes. */
export const kindOf = ({ kind }: ChatAttachment): ChatSourceKind => (kind === "file" ? "code" : kind);
