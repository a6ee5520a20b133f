/** The hash for lines of a file, without its `#`: `L10` or `L10-L20`; nothing for the file as a whole. */
export const linesHash = (start: number, end: number = start): string =>
  start === 0 ? "" : end > start ? `L${start}-L${end}` : `L${start}`;
