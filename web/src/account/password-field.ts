import { form as texts } from "@/texts/form";
import type { FieldSpec } from "@/ui/form";

/** What is said of a new password while it is typed: how far it is from the length that is asked for. */
export const passwordField = (least: number, rest: Pick<FieldSpec, "label"> & Partial<FieldSpec>): FieldSpec => ({
  name: "password",
  kind: "password",
  autoComplete: "new-password",
  remark: (value) => {
    if (value === "") return texts.passwordHint(least);
    const missing = least - [...value].length;
    return missing > 0 ? texts.missingCharacters(missing) : texts.longEnough;
  },
  check: (value) => ([...value].length < least ? texts.passwordHint(least) : undefined),
  ...rest,
});
