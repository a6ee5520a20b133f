import { Suspense, type ReactNode } from "react";

import { early } from "@/lib/part";

const FormBody = early(() => import("./form-body"));

/** One line of a form. */
export interface FieldSpec {
  /** As the server calls it, so that its word about the field finds it. */
  name: string;
  label: string;
  kind?: "text" | "email" | "password" | "code";
  /** What a password manager is to fill in (the tokens of HTML, 4.10.18.7). */
  autoComplete: string;
  hint?: string;
  /** A word about what stands in the field, while it is typed. */
  remark?: (value: string) => string | undefined;
  optional?: boolean;
  /** Why the value cannot be sent, where that is known here. */
  check?: (value: string) => string | undefined;
  initial?: string;
}

export interface FormProps {
  fields: readonly FieldSpec[];
  /** What the button says. */
  action: string;
  /** Sends the form. What is thrown is shown, and everything typed stays. */
  send: (values: Record<string, string>) => Promise<unknown>;
  /** Between the fields and the button. */
  children?: ReactNode;
  /** The button is as wide as the fields. */
  wide?: boolean;
  blocked?: string | undefined;
  /** Whose password it is, for password managers, where no field says so. */
  username?: string | undefined;
  autoFocus?: boolean;
}

/** A form of a few lines: what is wrong stands at the fields and, together, on top, where the focus goes. */
export const Form = (props: FormProps) => (
  // As high as its fields and its button, so that nothing below it moves.
  <Suspense fallback={<div aria-busy="true" style={{ height: `${props.fields.length * 4.5 + 2.5}rem` }} />}>
    <FormBody {...props} />
  </Suspense>
);
