import { once } from "./once";

/**
 * The language of the words in `src/texts`, and how numbers, dates and plurals are written in it. A second language is
 * another value here and another folder beside `src/texts`.
 */
export const LOCALE = "en";

/** Dates are written day first. */
export const DATES = "en-GB";

const rules = once(() => new Intl.PluralRules(LOCALE));

/** The form of a word that goes with a number. A language with more than two gives those it has; `other` is always there. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The form for a number: "file" for 1, "files" for 0 and 5. */
export const formOf = (value: number, forms: Forms): string => forms[rules().select(value)] ?? forms.other;
