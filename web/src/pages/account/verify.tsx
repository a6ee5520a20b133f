import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { signUp, verify } from "@/api/account";
import { Card, inlineLink } from "@/account/card";
import { useToken, useEnter } from "@/account/enter";
import { done, keptInvite, typedBefore, waitFor, waiting as signUpOf } from "@/account/pending";
import { problemOf } from "@/api/client";
import { useCountdown } from "@/lib/countdown";
import { account as texts } from "@/texts/account";
import { Button, buttonLook } from "@/ui/button";
import { Form } from "@/ui/form";
import { Problem } from "@/ui/problem";
import { Prose } from "@/ui/prose";

/** Between two messages, in milliseconds. */
const PAUSE_MS = 30_000;

/** Showing that an address is one's own: with the link of the message, or with its code where the sign-up was made. */
export function VerifyPage() {
  const link = useToken();
  const waiting = signUpOf();
  if (link) return <ByLink key={link} link={link} />;
  if (!waiting) {
    return (
      <Card title={texts.verifyTitle} lead={texts.nothingToVerify}>
        <Link to="/sign-up" className={buttonLook("primary", "h-9 px-4")}>
          {texts.signUpAgain}
        </Link>
      </Card>
    );
  }
  return <ByCode email={waiting.email} sendsMail={waiting.sendsMail} />;
}

function ByCode({ email, sendsMail }: { email: string; sendsMail: boolean }) {
  const enter = useEnter();
  return (
    <Card
      title={texts.verifyTitle}
      lead={
        <>
          <p>{texts.neutral}</p>
          <p className="mt-1 font-medium break-all text-text">{email}</p>
          {!sendsMail && <p className="mt-2">{texts.noMail}</p>}
        </>
      }
      foot={
        <>
          <Resend />
          <Link to="/sign-up" className={`self-start ${inlineLink}`}>
            {texts.otherAddress}
          </Link>
        </>
      }
    >
      <Form
        fields={[
          {
            name: "code",
            label: texts.code,
            kind: "code",
            autoComplete: "one-time-code",
            hint: texts.codeHint,
            check: (code) => (/^\d{6}$/.test(digits(code)) ? undefined : texts.codeNeeded),
          },
        ]}
        action={texts.verify}
        wide
        send={async ({ code = "" }) => {
          // A later message has another ticket.
          const { session } = await verify({ ticket: signUpOf()?.ticket ?? "", code: digits(code) });
          done();
          if (session) await enter(keptInvite() && "/invite");
        }}
      />
    </Card>
  );
}

/** A code as it is pasted out of a mail. */
const digits = (code: string): string => code.replace(/[\s-]/g, "");

/** Asks for another message, at most every half a minute; after a reload nothing is left to ask with. */
function Resend() {
  const person = typedBefore();
  const [until, setUntil] = useState(() => Date.now() + PAUSE_MS);
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const seconds = useCountdown(until);
  if (!person) {
    return (
      <Link to="/sign-up" className={`self-start ${inlineLink}`}>
        {texts.signUpAgain}
      </Link>
    );
  }
  const resend = async () => {
    setBusy(true);
    try {
      waitFor(person, await signUp(person));
      setUntil(Date.now() + PAUSE_MS);
      setSaid(texts.resent);
    } catch (error) {
      const { detail, retry_after: wait } = problemOf(error);
      setUntil(Date.now() + (wait ?? 0) * 1000);
      setSaid(detail);
    }
    setBusy(false);
  };
  return (
    <div>
      <Button className="tabular-nums" busy={busy} blocked={seconds > 0 ? texts.resendIn(seconds) : undefined} onClick={() => void resend()}>
        {seconds > 0 ? texts.resendIn(seconds) : texts.resend}
      </Button>
      <p role="status" className="mt-1 empty:hidden">
        {said && <Prose text={said} />}
      </p>
    </div>
  );
}

/** The link alone makes nothing: programs that look into mail open it too, and so does whoever never signed up. */
function ByLink({ link }: { link: string }) {
  const [state, setState] = useState<"asking" | "done" | { error: unknown }>("asking");
  if (state === "asking") {
    return (
      <Card title={texts.verifyLinkTitle} lead={texts.verifyLinkLead}>
        <Form
          fields={[{ name: "password", label: texts.password, kind: "password", autoComplete: "current-password" }]}
          action={texts.verify}
          wide
          send={async ({ password = "" }) => {
            try {
              await verify({ link, password });
            } catch (error) {
              // No other password makes this link work; everything else is the form's to say.
              if (problemOf(error).code !== "not_verified") throw error;
              setState({ error });
              return;
            }
            done();
            setState("done");
          }}
        />
      </Card>
    );
  }
  if (state === "done") {
    return (
      <Card title={texts.verified} lead={texts.verifiedText}>
        <Link to="/sign-in" className={buttonLook("primary", "h-9 px-4")}>
          {texts.toSignIn}
        </Link>
      </Card>
    );
  }
  return (
    <Card title={texts.verifyFailed}>
      <Problem error={state.error} />
      <Link to="/sign-up" className={buttonLook("primary", "h-9 px-4")}>
        {texts.signUpAgain}
      </Link>
    </Card>
  );
}
