/** Money in millionths of a currency that nobody names: prices and budgets are written in the same one. */
import { LOCALE } from "@/lib/locale";
import { once } from "@/lib/once";

const MILLION = 1_000_000;

const amount = once(() => new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 4 }));

/** "3.00", "0.0125"; what is there but too small for that is "< 0.0001". */
export const formatMoney = (micros: number): string => (micros > 0 && micros < 100 ? `< ${amount().format(0.0001)}` : amount().format(micros / MILLION));

/** As a field has it: "3", "0.25". */
export const moneyText = (micros: number | null): string => (micros === null ? "" : String(micros / MILLION));

/** What a field says: nothing for an empty one, `undefined` for what is no amount. A comma is taken for a point. */
export function parseMoney(text: string): number | null | undefined {
  const plain = text.trim().replace(",", ".");
  if (plain === "") return null;
  return /^\d{1,9}(\.\d{1,6})?$/.test(plain) ? Math.round(Number(plain) * MILLION) : undefined;
}

/** The same for a whole number within bounds; spaces and apostrophes between its digits are left out. */
export const parseCount =
  (least: number, most: number) =>
  (text: string): number | null | undefined => {
    const plain = text.replace(/[\s'’]/g, "");
    if (plain === "") return null;
    const number = /^\d{1,15}$/.test(plain) ? Number(plain) : undefined;
    return number !== undefined && number >= least && number <= most ? number : undefined;
  };
