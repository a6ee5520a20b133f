import { secondFactor as texts } from "@/texts/second-factor";
import type { FieldSpec } from "@/ui/form";

export const presentPassword: FieldSpec = { name: "current", label: texts.current, kind: "password", autoComplete: "current-password" };

/** Six digits of the app, which some people write in two groups. */
export const codeField: FieldSpec = {
  name: "code",
  label: texts.code,
  kind: "code",
  autoComplete: "one-time-code",
  hint: texts.codeHint,
  check: (typed) => (/^\d{6}$/.test(typed.replace(/\s/g, "")) ? undefined : texts.codeNeeded),
};

/** A code of the app, or one of those that were kept. */
export const anyCodeField: FieldSpec = { name: "code", label: texts.anyCode, autoComplete: "one-time-code" };
