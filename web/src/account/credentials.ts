import { account as texts } from "@/texts/account";
import type { FieldSpec } from "@/ui/form";

export const emailField: FieldSpec = { name: "email", label: texts.email, kind: "email", autoComplete: "username" };

/** Address and password of somebody who has both. */
export const credentials: readonly FieldSpec[] = [
  emailField,
  { name: "password", label: texts.password, kind: "password", autoComplete: "current-password" },
];
