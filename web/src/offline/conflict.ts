/** Somebody else was faster: what two people disagree about, and what is sent once that is decided. */
import type { Insight } from "@/api/types";

import { memoryBody, onVersion, versionOf, type Change, type MemoryFields, type TaskFields } from "./change";
import { drop, resend } from "./queue";

export type Field = keyof TaskFields | keyof MemoryFields;

/** In the order in which they are asked about. */
const FIELDS: readonly Field[] = ["title", "status", "kind", "description", "text", "tags", "evidence", "expires_at"];

type Fields = { [F in Field]?: unknown };

/** The fields that were changed to something else than what is there now. */
export const differing = (mine: Fields, theirs: Fields): Field[] =>
  FIELDS.filter((field) => mine[field] !== undefined && JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]));

/** The state that a change wants an insight to have; nothing where it is about something else. */
export const wanted = ({ effect }: Change): "dismissed" | "open" | undefined =>
  effect.kind === "insight.dismiss" ? "dismissed" : effect.kind === "insight.restore" ? "open" : undefined;

/** What is left to decide about an insight: nothing where it is as it is wanted, or where it is over. */
export function standing(mine: "dismissed" | "open", theirs: Insight | undefined): "gone" | "same" | "closed" | "differs" {
  if (!theirs) return "gone";
  if (theirs.state === "closed") return "closed";
  return theirs.state === mine ? "same" : "differs";
}

/** The change of a task or a memory that is left when only these fields of it are to stand; nothing when none is. */
export function remaining(change: Change, theirs: { version: number }, keep: ReadonlySet<Field>): Change | undefined {
  const { trouble: _settled, ...rest } = change;
  const { effect, request } = rest;
  if ((effect.kind !== "task.update" && effect.kind !== "memory.update") || keep.size === 0) return undefined;
  const known: Fields = effect.fields;
  const fields = Object.fromEntries(FIELDS.filter((field) => keep.has(field)).map((field) => [field, known[field]]));
  const body = effect.kind === "memory.update" ? memoryBody(fields) : fields;
  return {
    ...rest,
    effect: { ...effect, fields },
    request: { ...request, body: { ...body, version: theirs.version } },
  };
}

/** Sends what is to stand of a change of a task or a memory, and forgets the rest. */
export async function settle(change: Change, theirs: { version: number }, keep: ReadonlySet<Field>): Promise<void> {
  const rest = remaining(change, theirs, keep);
  if (rest && versionOf(rest) !== undefined) await resend(change, rest);
  else await drop(change);
}

/** Sends a change of an insight on top of what is there now, or forgets it. */
export async function settleInsight(change: Change, theirs: Insight, mine: boolean): Promise<void> {
  const { trouble: _settled, ...rest } = change;
  if (mine) await resend(change, onVersion(rest, theirs.version));
  else await drop(change);
}
