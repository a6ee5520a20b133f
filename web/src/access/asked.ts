/**
 * What was asked for in this browser and how it went. Only those who can grant something may read the requests that
 * wait, so that whoever asked keeps their own: the request, and that it was declined once its answer came.
 */
import { useSyncExternalStore } from "react";

import type { Permission } from "@/api/types";
import { readSetting, writeSetting } from "@/lib/storage";

export interface Asked {
  /** Its id, which the answer names. */
  request: string;
  /** When. */
  at: string;
  declined: boolean;
}

/** Where it is kept: a browser may have several people, each in several workspaces. */
export interface Wish {
  user: string;
  workspace: string;
  permission: Permission;
}

const SETTING = "asked";
const listeners = new Set<() => void>();

type Wishes = Record<string, Asked>;

const placeOf = ({ user, workspace, permission }: Wish): string => [user, workspace, permission].join(" ");

function read(text: string | null): Wishes {
  try {
    return (JSON.parse(text ?? "{}") as Wishes | null) ?? {};
  } catch {
    return {}; // Somebody else wrote there.
  }
}

function write(wishes: Wishes): void {
  writeSetting(SETTING, JSON.stringify(wishes));
  for (const each of listeners) each();
}

/** Keeps that something was asked for. A person has one request in a workspace: another takes its place. */
export function noteAsked(wish: Wish, { request, at }: Pick<Asked, "request" | "at">): void {
  const before = `${wish.user} ${wish.workspace} `;
  const others = Object.entries(read(readSetting(SETTING))).filter(([place]) => !place.startsWith(before));
  write({ ...Object.fromEntries(others), [placeOf(wish)]: { request, at, declined: false } });
}

/** Somebody answered a request. Whether it was granted is told by the role, so that what is left is a refusal. */
export function noteAnswered(request: string): void {
  const wishes = read(readSetting(SETTING));
  const place = Object.keys(wishes).find((each) => wishes[each]?.request === request);
  const asked = place === undefined ? undefined : wishes[place];
  if (place !== undefined && asked) write({ ...wishes, [place]: { ...asked, declined: true } });
}

/** The role permits it by now: nothing is asked for any more, and nothing was declined. */
export function noteGranted(wish: Wish): void {
  const { [placeOf(wish)]: granted, ...others } = read(readSetting(SETTING));
  if (granted) write(others);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener); // Another window asked.
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}

/** What was asked for, while it is not granted. */
export const useAsked = (wish: Wish): Asked | undefined => read(useSyncExternalStore(subscribe, () => readSetting(SETTING)))[placeOf(wish)];
