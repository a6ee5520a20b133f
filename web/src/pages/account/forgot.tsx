import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { forgot } from "@/api/account";
import { Card, inlineLink } from "@/account/card";
import { emailField } from "@/account/credentials";
import { account as texts } from "@/texts/account";
import { Form } from "@/ui/form";

/** Asking for a message with which a new password can be set. The answer is the same for every address. */
export function ForgotPage() {
  const [sent, setSent] = useState<{ sends_mail: boolean }>();
  const back = (
    <p>
      <Link to="/sign-in" className={inlineLink}>
        {texts.backToSignIn}
      </Link>
    </p>
  );
  if (sent) {
    return (
      // The key moves the focus to the new title, because the address stays the same.
      <Card key="sent" title={texts.sentTitle} foot={back}>
        <div role="status" className="flex flex-col gap-2 text-dense text-muted">
          <p>{texts.neutralAccount}</p>
          {!sent.sends_mail && <p>{texts.noMailLink}</p>}
        </div>
      </Card>
    );
  }
  return (
    <Card title={texts.forgotTitle} lead={texts.forgotLead} foot={back}>
      <Form fields={[emailField]} action={texts.forgot} wide send={async ({ email = "" }) => setSent(await forgot(email))} />
    </Card>
  );
}
