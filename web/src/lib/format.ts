/** Numbers, sizes, dates and ranges as people read them. Everything goes through `Intl`. */

import { once } from "./once";
import { formatCount } from "./count";
import { DATES, LOCALE } from "./locale";
import { visible } from "./visible";

const tenth = once(() => new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 }));
const day = once(() => new Intl.DateTimeFormat(DATES, { day: "numeric", month: "short", year: "numeric" }));
const moment = once(() => new Intl.DateTimeFormat(DATES, { dateStyle: "medium", timeStyle: "medium" }));
const relative = once(() => new Intl.RelativeTimeFormat(LOCALE, { numeric: "always", style: "short" }));

/** At most one decimal. */
export const formatTenth = (value: number): string => tenth().format(value).replace(/^-0$/, "0");

/** Bytes in units of 1,000: "60 MB". */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? tenth().format(value) : formatCount(Math.round(value))} ${units[unit]}`;
}

/**
 * A share of 100 with at most one decimal. What is there but too small for that is "< 0.1 %", never "0 %"; what is
 * less than everything is never "100 %".
 */
export function formatPercent(percent: number): string {
  if (percent > 0 && percent < 0.1) return "< 0.1\u00a0%";
  if (percent < 100 && percent > 99.9) return "> 99.9\u00a0%";
  return `${tenth().format(percent)}\u00a0%`;
}

/**
 * A share that the server rounded to whole percents, "Rust 81 %". What is in the list is there, so it is never "0 %",
 * and never everything unless it is alone.
 */
export const formatShare = (text: string, alone: boolean): string =>
  visible(text)
    .replace(/ 0 %$/, " <\u00a01 %")
    .replace(/ 100 %$/, alone ? " 100 %" : " >\u00a099 %")
    .replace(/ %$/, "\u00a0%");

/**
 * "5531 files" -> "5,531 files", "1420 packages, 1300 direct" -> "1,420 packages, 1,300 direct", "1 commits" ->
 * "1 commit". What is counted follows its number; other digits, as in the name of a branch, stay as they are.
 */
export const formatFact = (text: string): string =>
  visible(text)
    .replace(/(^|[ (])(\d{4,})(?= [a-z])/g, (_, before: string, digits: string) => before + formatCount(Number(digits)))
    .replace(/^1 ([a-z]+)s$/, "1 $1");

/** Minutes as a range: "15-30 min", "1-2 h", "2-4 days" (8 h each). */
export function formatEffort(min: number, max: number): string {
  const [unit, name] = max < 90 ? [1, "min"] : max <= 16 * 60 ? [60, "h"] : [480, "days"];
  const half = (minutes: number) => tenth().format(Math.max(1, Math.round((minutes / unit) * 2)) / 2);
  const [low, high] = [half(min), half(max)];
  return low === high ? `${high} ${name}` : `${low}-${high} ${name}`;
}

/** How long something took or takes: "< 1 s", "7 s", "1 min 5 s", "1 h 2 min". */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 1) return "< 1 s";
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? pair(minutes, "min", seconds % 60, "s") : pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** How long a part of something took: "12 ms", "1.4 s", then as `formatDuration` says it. */
export function formatTook(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 10_000 ? `${tenth().format(milliseconds / 1000)} s` : formatDuration(milliseconds);
}

const pair = (large: number, unit: string, small: number, part: string): string =>
  `${formatCount(large)} ${unit}${small > 0 ? ` ${small} ${part}` : ""}`;

/** Relative under seven days ("2 hr. ago"), the date after that. */
export function formatAge(instant: string, now: number): string {
  const then = Date.parse(instant);
  if (Number.isNaN(then)) return instant;
  const minutes = Math.round((now - then) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return relative().format(-minutes, "minute");
  if (minutes < 24 * 60) return relative().format(-Math.floor(minutes / 60), "hour");
  if (minutes < 7 * 24 * 60) return relative().format(-Math.floor(minutes / 1440), "day");
  return day().format(then);
}

/** "3 Nov 2026". */
export const formatDay = (instant: string): string => day().format(Date.parse(instant));

/** Date and time to the second, for what stands behind an age. */
export const formatMoment = (instant: string): string => moment().format(Date.parse(instant));

/** The first seven digits of a commit. */
export const shortCommit = (commit: string): string => commit.slice(0, 7);

/** `path:120-131`, `path:7` or `path`. */
export function formatPlace(span: { path: string; start: number; end: number }): string {
  if (span.start === 0) return visible(span.path);
  return `${visible(span.path)}:${span.start}${span.end > span.start ? `-${span.end}` : ""}`;
}

/** A stable code as words: `change_risk` -> "Change risk". */
export function words(code: string): string {
  const text = code.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
