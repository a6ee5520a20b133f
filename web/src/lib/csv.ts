/** Tables as text that spreadsheets read. */

export type CsvValue = string | number | boolean | null | undefined;

/** One cell. What a spreadsheet would take for a formula is text. */
const cell = (value: CsvValue): string => {
  const text = String(value ?? "");
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A column: its name, and what a row has in it. */
export type CsvColumn<T> = readonly [name: string, of: (row: T) => CsvValue];

/** The rows below the names of the columns. */
export const toCsv = <T>(columns: readonly CsvColumn<T>[], rows: readonly T[]): string =>
  [columns.map(([name]) => cell(name)).join(","), ...rows.map((row) => columns.map(([, of]) => cell(of(row))).join(","))].join("\r\n");
