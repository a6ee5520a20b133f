import type { Problem } from "@devmentor/client";

import type { MemoryEvidence, MemoryKind, NewMemory, TaskStatus } from "@/api/types";

/** The fields of a task that people edit. */
export interface TaskFields {
  status?: TaskStatus;
  title?: string;
  description?: string;
}

/** The fields of a memory that people edit. */
export interface MemoryFields {
  title?: string;
  text?: string;
  kind?: MemoryKind;
  tags?: string[];
  evidence?: MemoryEvidence[];
  /** `null` takes the end of its time away. */
  expires_at?: string | null;
}

/** The same as the server takes it. */
export const memoryBody = ({ expires_at, ...fields }: MemoryFields): Record<string, unknown> => ({
  ...fields,
  ...(expires_at === undefined ? {} : expires_at === null ? { never_expires: true } : { expires_at }),
});

/** What a change does, as far as the screen can show it before the server has done it. */
export type Effect =
  | { kind: "task.create"; title: string }
  | { kind: "task.update"; key: string; fields: TaskFields }
  | { kind: "memory.create"; memory: NewMemory }
  | { kind: "memory.update"; id: string; fields: MemoryFields }
  | { kind: "insight.dismiss"; repo: string; id: string; reason: string }
  | { kind: "insight.restore"; repo: string; id: string }
  | { kind: "finding.suppress"; repo: string; ids: string[] }
  | { kind: "finding.unsuppress"; repo: string; id: string }
  | { kind: "finding.verdict"; repo: string; id: string; useful: boolean | null };

/** The request behind a change, as data: it can be sent by a page that was opened later. */
export interface ChangeRequest {
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** A path of the interface's document. */
  path: string;
  params: { path: Record<string, string>; query?: Record<string, string | number> };
  body?: Record<string, unknown>;
}

/** A change as a screen asks for it. */
export interface Draft {
  workspace: string;
  /** The thing that is changed. What waits for one thing is sent in order. */
  object: string;
  /** What a person calls it: "DEV-3: Review". */
  label: string;
  effect: Effect;
  request: ChangeRequest;
}

/** A change that waits for the server. */
export interface Change extends Draft {
  /** Its place among all that wait; given by the storage. */
  order?: number;
  /** The id of the person who made it: nobody else sees it, and it is sent under no other name. */
  user: string;
  /** The idempotency key: sent twice, it happens once. */
  key: string;
  /** When it was made, in milliseconds since the epoch. */
  at: number;
  /** Why the server did not take it. It is not sent again before a person has decided. */
  trouble?: Problem;
}

/** How long the server knows which changes it has made, in milliseconds: one that is repeated later may happen twice. */
export const KNOWN_MS = 24 * 3_600_000;

/** Whether a change has waited for so long that a person is to say whether it still holds. */
export const isOld = ({ at }: Change): boolean => Date.now() - at > KNOWN_MS;

/** The reason that is kept with a change that has waited for too long. */
export const OLD = "waited_too_long";

/** Whether a refusal means that somebody else was faster. */
export const isConflict = (problem: Problem): boolean => problem.status === 409 && problem.code === "changed";

/** Whether a change and what is there instead can stand beside each other, for a person to choose. */
export const hasSides = ({ effect }: Draft): boolean => ["task.update", "memory.update", "insight.dismiss", "insight.restore"].includes(effect.kind);

/** The version of its object that a change was made on; nothing where none is asked for. */
export const versionOf = ({ request }: Draft): number | undefined => {
  const version = request.body?.["version"] ?? request.params.query?.["version"];
  return typeof version === "number" ? version : undefined;
};

/** The same change, made on another version of its object. */
export function onVersion<T extends Draft>(change: T, version: number): T {
  const { request } = change;
  if (versionOf(change) === undefined) return change;
  return {
    ...change,
    request:
      request.body && "version" in request.body
        ? { ...request, body: { ...request.body, version } }
        : { ...request, params: { ...request.params, query: { ...request.params.query, version } } },
  };
}
