/** How large the reader wants text, as a part of the usual size: 2 is twice as large. */
export const textSize = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL || 1;

/** Pixels of the root's letters where nobody chose another size. */
const USUAL = 14;
