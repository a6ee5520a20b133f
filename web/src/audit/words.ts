import { words } from "@/lib/format";
import { visible } from "@/lib/visible";
import { auditList as texts } from "@/texts/audit-list";

const NAMES = Object.assign({}, ...texts.groups.map(({ acts }) => acts)) as Readonly<Record<string, string>>;

/** An act in words; one that this page does not know is told as the server calls it. */
export const actName = (action: string): string => NAMES[action] ?? visible(words(action.replaceAll(".", " ")));

/** Whether it is among those that are offered. */
export const isOffered = (action: string, whole: boolean): boolean =>
  texts.groups.some(({ server, acts }) => (whole || !server) && action in acts);
