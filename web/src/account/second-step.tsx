import { useState } from "react";

import { secondStep } from "@/api/second-factor";
import type { Session } from "@/api/types";
import { secondStep as texts } from "@/texts/second-factor";
import { account } from "@/texts/account";
import { Form } from "@/ui/form";

import { inlineLink } from "./card";

interface Props {
  ticket: string;
  onSession: (session: Session) => Promise<unknown>;
  /** What is said first, where it was no password that came before. */
  lead?: string;
  /** Back to the first step. */
  onBack: () => void;
}

/** The code that follows a password: of the app, or one that was kept for the day the app is lost. */
export default function SecondStep({ ticket, onSession, lead = texts.lead, onBack }: Props) {
  const [recovery, setRecovery] = useState(false);
  const [trust, setTrust] = useState(false);
  return (
    <section aria-label={texts.title} className="flex flex-col gap-4 text-dense">
      <p role="status" className="text-muted">
        {recovery ? texts.recoveryLead : lead}
      </p>
      <Form
        key={String(recovery)}
        fields={[
          recovery
            ? { name: "code", label: texts.recovery, autoComplete: "off" }
            : { name: "code", label: texts.code, kind: "code", autoComplete: "one-time-code", hint: texts.codeHint },
        ]}
        action={account.signIn}
        wide
        autoFocus
        send={async ({ code = "" }) => onSession(await secondStep(ticket, code.trim(), trust))}
      >
        <label className="flex items-start gap-2">
          <input type="checkbox" className="mt-0.5 size-4 accent-[var(--accent)]" checked={trust} onChange={(event) => setTrust(event.target.checked)} />
          <span>
            {texts.trust}
            <span className="block text-meta text-faint">{texts.trustHint}</span>
          </span>
        </label>
      </Form>
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        <button type="button" className={inlineLink} onClick={() => setRecovery(!recovery)}>
          {recovery ? texts.useApp : texts.useRecovery}
        </button>
        <button type="button" className={inlineLink} onClick={onBack}>
          {texts.back}
        </button>
      </p>
    </section>
  );
}
