/** Somebody else was faster: which fields two people disagree about, and what is sent once that is decided. */
import type { Task } from "@/api/types";

import { versionOf, type Change, type TaskFields } from "./change";
import { drop, resend } from "./queue";

export type Field = keyof TaskFields;

const FIELDS: readonly Field[] = ["title", "status", "description"];

/** The fields that were changed to something else than what is there now. */
export const differing = (mine: TaskFields, theirs: Task): Field[] =>
  FIELDS.filter((field) => mine[field] !== undefined && mine[field] !== theirs[field]);

/** The change that is left when only these fields of it are to stand; nothing when none is. */
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

/** Sends what is to stand of a change, and forgets the rest. */
export async function settle(change: Change, theirs: Task, keep: ReadonlySet<Field>): Promise<void> {
  const rest = remaining(change, theirs, keep);
  if (rest && versionOf(rest) !== undefined) await resend(change, rest);
  else await drop(change);
}
