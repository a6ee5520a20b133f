import { visible } from "@/lib/visible";
import { program as texts } from "@/texts/program";

/** Programs by what stands in their name of themselves; those that pose as others come first. */
const PROGRAMS: readonly [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\bHeadlessChrome\//, "Chromium"],
  [/\b(Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
  [/^curl\//, "curl"],
  [/^devmentor\//i, "devmentor"],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/\b(iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

const first = (all: readonly [RegExp, string][], text: string) => all.find(([like]) => like.test(text))?.[1];

/** A client in words: "Firefox on Linux". What is not known is told as it calls itself. */
export function deviceOf(userAgent: string): string {
  const program = first(PROGRAMS, userAgent);
  const system = first(SYSTEMS, userAgent);
  if (program && system) return texts.on(program, system);
  return program ?? (visible(userAgent).slice(0, 60) || texts.unknown);
}

/** Whether it is held in a hand. */
export const isHandheld = (userAgent: string): boolean => /\b(Android|iPhone|iPad|Mobile)\b/.test(userAgent);
