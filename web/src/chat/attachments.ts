/** What a question can bring along, made of what is on the screen. */
import type { ChatAttachment, Finding, Insight, Memory, Span, Task } from "@/api/types";
import { formatPlace } from "@/lib/format";

import type { Attached } from "./drafts";

/** A file, or lines of it. */
export const ofPlace = (span: Span): Attached => ({
  attachment: { kind: "file", path: span.path, ...(span.start > 0 ? { start: span.start, end: Math.max(span.start, span.end) } : { start: null, end: null }) },
  name: formatPlace(span),
});

export const ofTheFinding = ({ id, span }: Finding, title: string): Attached => ({ attachment: { kind: "finding", id }, name: `${title}: ${formatPlace(span)}` });

export const ofTheInsight = ({ id, title }: Insight): Attached => ({ attachment: { kind: "insight", id }, name: title.replaceAll("`", "") });

export const ofTheMemory = ({ id, title }: Memory): Attached => ({ attachment: { kind: "memory", id }, name: title });

export const ofTheTask = ({ key, title }: Task): Attached => ({ attachment: { kind: "task", key }, name: `${key} ${title}` });

/** How many things a question brings along. */
export const MOST = 20;

/** What is brought along already stays as it is. */
export function withOne(attached: readonly Attached[], more: Attached): readonly Attached[] {
  const same = JSON.stringify(more.attachment);
  return attached.some(({ attachment }) => JSON.stringify(attachment) === same) || attached.length >= MOST ? attached : [...attached, more];
}

/** What something that was brought along is called where only itself is known. */
export function nameOf(attachment: ChatAttachment): string {
  switch (attachment.kind) {
    case "snippet":
      return attachment.name;
    case "file":
      return formatPlace({ path: attachment.path, start: attachment.start ?? 0, end: attachment.end ?? 0 });
    case "task":
      return attachment.key;
    default:
      return attachment.kind;
  }
}

/** The most lines and letters of a pasted text that stay in the question; what is longer comes along as a text. */
const PASTED_LINES = 25;
const PASTED = 2000;

/** Whether a pasted text would bury the question. */
export const buries = (text: string): boolean => text.length > PASTED || text.split("\n").length > PASTED_LINES;
