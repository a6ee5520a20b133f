import { useEffect, useRef } from "react";

import { readSetting, writeSetting } from "./storage";

/** Fields that take no text: their own keys are Space and the arrows. */
const TEXTLESS = new Set(["checkbox", "radio", "button", "submit"]);

/** Whether a key belongs to the field that has the focus. */
function typing(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A list of choices jumps to the letter that is pressed, but Escape means nothing to it once it is closed.
  if (target instanceof HTMLSelectElement) return key !== "Escape";
  if (target instanceof HTMLInputElement) return !TEXTLESS.has(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement;
}

/** Whether a dialog or an open popover has the keyboard. */
const covered = (): boolean => document.querySelector("dialog[open], [popover]:popover-open") !== null;

/** What a key does. With `false` it says that the key was not meant for it: the browser then does what it always does. */
type Keys = Record<string, (event: KeyboardEvent) => unknown>;

/** Keys that begin a sequence: after one of them, no single-key shortcut runs, here or anywhere else on the page. */
const PREFIXES = new Set(["g"]);

/** How long the first key of a sequence waits for the second. */
const SEQUENCE_MS = 1000;

const SETTING = "keys";

/** Whether single letters and signs do something: people who speak to their machine may want that they do not. */
export const singleKeys = (): boolean => readSetting(SETTING) !== "off";

/** Switches them on or off. */
export const setSingleKeys = (on: boolean): void => writeSetting(SETTING, on ? "on" : "off");

/** Single keys that stand for others: `{ j: "n" }` says that N does what J did, and J does nothing. */
export type KeyMap = Readonly<Record<string, string>>;

const MAP = "keymap";

/** What this browser's person has changed. What is no map of keys is none. */
export function keyMap(): KeyMap {
  try {
    const map: unknown = JSON.parse(readSetting(MAP) ?? "{}");
    const pairs = typeof map === "object" && map !== null ? Object.entries(map) : [];
    return Object.fromEntries(pairs.filter(([from, to]) => from.length === 1 && typeof to === "string" && to.length === 1));
  } catch {
    return {};
  }
}

/** Keeps another map. */
export const setKeyMap = (map: KeyMap): void => writeSetting(MAP, JSON.stringify(map));

/** The key that a shortcut is written with, of the one that was pressed; nothing for a key that was given away. */
export function meant(pressed: string, map: KeyMap = keyMap()): string | undefined {
  const [from] = Object.entries(map).find(([, to]) => to === pressed) ?? [];
  return from ?? (pressed in map ? undefined : pressed);
}

/**
 * Single-key shortcuts: `{ j: next, "g r": toRepositories, "Shift f": clear }`. A letter that has no shortcut with Shift
 * does with it what it does without. They are silent while something is typed, while a
 * dialog is open, and with Ctrl, Alt or Meta held; letters and signs also where they are switched off.
 */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (typing(event.target, event.key) || covered()) return;
      if (event.key.length === 1 && !singleKeys()) return;
      const key = event.key.length === 1 ? meant(event.key.toLowerCase()) : event.key;
      if (key === undefined) return;
      const shifted = event.shiftKey ? current.current[`Shift ${key}`] : undefined;
      const begun = first && PREFIXES.has(first.key) && event.timeStamp - first.at < SEQUENCE_MS;
      const run = begun ? current.current[`${first?.key} ${key}`] : (shifted ?? current.current[key]);
      first = { key, at: event.timeStamp };
      if (!run) return;
      if (run(event) !== false) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/**
 * A key with Ctrl, or with the command key of a Mac: it works wherever the focus is, also while something is typed. Not
 * while a dialog is open, which has the keyboard. With `false` it says that it had nothing to do.
 */
export function useModKey(key: string, run: () => unknown): void {
  const current = useRef(run);
  current.current = run;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.shiftKey || event.ctrlKey === event.metaKey) return;
      if (event.key.toLowerCase() !== key || document.querySelector("dialog[open]")) return;
      // A text has an undo of its own.
      if (key === "z" && typing(event.target, key)) return;
      if (current.current() !== false) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [key]);
}

/**
 * Moves the focus by one row: every list marks what opens a row with `data-row`. From elsewhere it goes on at the row
 * that is shown beside the list. A row that takes no focus is passed over.
 */
export function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("#page [data-row]:not(:disabled)")];
  const focused = rows.findIndex((row) => row === document.activeElement);
  const at = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}
