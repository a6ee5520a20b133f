/** Numbers of things as people read them. */

import { formOf, LOCALE } from "./locale";
import { once } from "./once";

const count = once(() => new Intl.NumberFormat(LOCALE));

/** 5389 -> "5,389". */
export const formatCount = (value: number): string => count().format(value);

/** "1 file", "5,389 files". The plural is given because English has too many exceptions. */
export const plural = (value: number, one: string, many: string): string =>
  `${formatCount(value)} ${formOf(value, { one, other: many })}`;

/** All counts of a group together. */
export const sumOf = (counts: object): number => (Object.values(counts) as number[]).reduce((sum, each) => sum + each, 0);
