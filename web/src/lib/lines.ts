/** Lines of a file in the address: `#L10` or `#L10-L20`. */

export interface LineRange {
  start: number;
  end: number;
}

/** The lines that a hash names, without its `#`; nothing where it names none. */
export function parseLines(hash: string): LineRange | null {
  const found = /^L(\d{1,9})(?:-L?(\d{1,9}))?$/.exec(hash);
  if (!found) return null;
  const [from, to] = [Number(found[1]), Number(found[2] ?? found[1])];
  if (from === 0 || to === 0) return null;
  return { start: Math.min(from, to), end: Math.max(from, to) };
}

/** Lines that one answer takes. */
export const WINDOW = 2_000;

/** The first and last line of the answer in which a line is. */
export function windowOf(line: number): LineRange {
  const start = Math.floor(Math.max(0, line - 1) / WINDOW) * WINDOW + 1;
  return { start, end: start + WINDOW - 1 };
}

/** How old something is among others, in five steps: 5 is the newest. */
export function ageStep(time: number, oldest: number, newest: number): 1 | 2 | 3 | 4 | 5 {
  if (newest <= oldest) return 5;
  const step = Math.floor(((time - oldest) / (newest - oldest)) * 5) + 1;
  return Math.max(1, Math.min(5, step)) as 1 | 2 | 3 | 4 | 5;
}
