/** Somebody else was faster: what two people disagree about, and what is sent once that is decided. */
import type { Insight, Task } from "@/api/types";

import { onVersion, versionOf, type Change, type TaskFields } from "./change";
import { drop, resend } from "./queue";

export type Field = keyof TaskFields;

const FIELDS: readonly Field[] = ["title", "status", "description"];

/** The fields that were changed to something else than what is there now. */
export const differing = (mine: TaskFields, theirs: Task): Field[] =>
  FIELDS.filter((field) => mine[field] !== undefined && mine[field] !== theirs[field]);

/** The state that a change wants an insight to have; nothing where it is about something else. */
export const wanted = ({ effect }: Change): "dismissed" | "open" | undefined =>
  effect.kind === "insight.dismiss" ? "dismissed" : effect.kind === "insight.restore" ? "open" : undefined;

/** What is left to decide about an insight: nothing where it is as it is wanted, or where it is over. */
export function standing(mine: "dismissed" | "open", theirs: Insight | undefined): "gone" | "same" | "closed" | "differs" {
  if (!theirs) return "gone";
  if (theirs.state === "closed") return "closed";
  return theirs.state === mine ? "same" : "differs";
}

/** The change of a task that is left when only these fields of it are to stand; nothing when none is. */
export function remaining(change: Change, theirs: Task, keep: ReadonlySet<Field>): Change | undefined {
  const { effect, request } = change;
  if (effect.kind !== "task.update" || keep.size === 0) return undefined;
  const fields: TaskFields = Object.fromEntries(FIELDS.filter((field) => keep.has(field)).map((field) => [field, effect.fields[field]]));
  const { trouble: _settled, ...rest } = change;
  return {
    ...rest,
    effect: { ...effect, fields },
    request: { ...request, body: { ...fields, version: theirs.version } },
  };
}

/** Sends what is to stand of a change of a task, and forgets the rest. */
export async function settle(change: Change, theirs: Task, keep: ReadonlySet<Field>): Promise<void> {
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
