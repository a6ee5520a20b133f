/** What the server will say of a change, as far as that is known before. */
import type { Insight, Memory, NewMemory, Task } from "@/api/types";

import type { MemoryFields, TaskFields } from "./change";

/** A task with other fields; where it can go from there is as far as is known. */
export function edited(task: Task, fields: TaskFields): Task {
  const next = fields.status && fields.status !== task.status ? [...new Set([task.status, ...task.next])].filter((each) => each !== fields.status) : task.next;
  return { ...task, ...fields, next };
}

/** A task that has no key yet: it can be read, and changed once the server knows it. */
export const unsaved = (title: string, key: string, at: number): Task => ({
  id: key,
  // No two of them look the same, and none like one that has a key.
  key: `…${key.slice(0, 4)}`,
  title,
  description: "",
  status: "todo",
  priority: "none",
  origin: null,
  next: [],
  version: 0,
  deleted_at: null,
  created_at: new Date(at).toISOString(),
  updated_at: new Date(at).toISOString(),
  can: { edit: false, delete: false },
});

export const dismissed = (insight: Insight): Insight => ({
  ...insight,
  state: "dismissed",
  can: { ...insight.can, dismiss: false, check: false, make_task: false, restore: true },
});

export const restored = (insight: Insight): Insight => ({
  ...insight,
  state: "open",
  can: { ...insight.can, dismiss: true, restore: false },
});

/** A memory with other fields. */
export const rewritten = (memory: Memory, fields: MemoryFields): Memory => ({ ...memory, ...fields });

/** A memory that the server does not know yet: it can be read, and changed once it does. */
export const unsavedMemory = (memory: NewMemory, key: string, at: number): Memory => ({
  id: key,
  kind: memory.kind ?? "note",
  title: memory.title,
  text: memory.text ?? "",
  tags: memory.tags ?? [],
  scope: memory.scope ?? "workspace",
  evidence: memory.evidence ?? [],
  state: "active",
  trust: "normal",
  origin: "person",
  superseded_by: null,
  used: 0,
  confirmed_at: null,
  expires_at: memory.expires_at ?? null,
  created_at: new Date(at).toISOString(),
  updated_at: new Date(at).toISOString(),
  version: 0,
  can: { edit: false, forget: false },
});
