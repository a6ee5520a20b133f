import { Suspense, useState, type ReactNode } from "react";

import { signIn } from "@/api/account";
import type { Session } from "@/api/types";
import { part } from "@/lib/part";
import { account as texts } from "@/texts/account";
import { Form } from "@/ui/form";

import { credentials } from "./credentials";

const SecondStep = part(() => import("./second-step"));

interface Props {
  /** What follows on having signed in. */
  onSession: (session: Session) => Promise<unknown>;
  autoFocus?: boolean;
  /** Between the fields and the button of the first step. */
  children?: ReactNode;
}

/** Address and password and, for who has set one up, the second step after them. */
export function SignInForm({ onSession, autoFocus = false, children }: Props) {
  const [ticket, setTicket] = useState<string>();
  if (ticket !== undefined) {
    return (
      <Suspense fallback={<div className="h-40" />}>
        <SecondStep ticket={ticket} onSession={onSession} onBack={() => setTicket(undefined)} />
      </Suspense>
    );
  }
  return (
    <Form
      fields={credentials}
      action={texts.signIn}
      wide
      autoFocus={autoFocus}
      send={async ({ email = "", password = "" }) => {
        const answer = await signIn(email, password);
        if ("ticket" in answer) setTicket(answer.ticket);
        else await onSession(answer);
      }}
    >
      {children}
    </Form>
  );
}
