/** How the field of the palette looks, in both of its forms: one takes the place of the other without being noticed. */
export const PALETTE_FIELD =
  "h-12 w-full border-b border-line bg-transparent px-4 text-body outline-none placeholder:text-faint";

/** Gives a field the focus as soon as it is on the page, with the caret after what is typed there already. */
export function toEnd(field: HTMLInputElement | null): void {
  if (!field) return;
  // For a dialog that opens only now: it would choose the frame around the field.
  field.autofocus = true;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}
