import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";

import { checkReset, resetPassword } from "@/api/account";
import { Card } from "@/account/card";
import { useToken, useEnter } from "@/account/enter";
import { passwordField } from "@/account/password-field";
import { methodsQuery } from "@/api/ways-in";
import { early, part } from "@/lib/part";
import { account as texts } from "@/texts/account";
import { buttonLook } from "@/ui/button";
import { Form } from "@/ui/form";
import { SkeletonRows } from "@/ui/loaded";
import { Problem } from "@/ui/problem";

// Comes with what the link says.
const Ending = early(() => import("./ending"));

const SecondStep = part(() => import("@/account/second-step"));

/** A new password with the link of a message. It says first which sessions end. */
export function ResetPage() {
  const token = useToken();
  const navigate = useNavigate();
  const found = useQuery({
    queryKey: ["auth", "reset", token],
    queryFn: () => checkReset(token),
    enabled: token !== "",
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  const methods = useQuery(methodsQuery);
  const enter = useEnter();
  const [ticket, setTicket] = useState<string>();
  if (ticket !== undefined) {
    return (
      <Card title={texts.resetDone}>
        <Suspense fallback={<SkeletonRows rows={2} height="h-12" />}>
          <SecondStep ticket={ticket} onSession={() => enter()} onBack={() => void navigate({ to: "/sign-in" })} />
        </Suspense>
      </Card>
    );
  }
  if (token === "" || found.error) {
    return (
      <Card title={texts.resetFailed} lead={token === "" && texts.resetNone}>
        {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
        <Link to="/forgot" className={buttonLook("primary", "h-9 px-4")}>
          {texts.askAgain}
        </Link>
      </Card>
    );
  }
  if (!found.data || !methods.data) {
    return (
      <Card title={methods.error ? texts.resetTitle : texts.resetChecking}>
        {methods.error ? <Problem error={methods.error} onRetry={() => void methods.refetch()} /> : <SkeletonRows rows={3} height="h-12" />}
      </Card>
    );
  }
  return (
    <Card title={texts.resetTitle}>
      <Suspense fallback={<SkeletonRows rows={1} height="h-12" />}>
        <Ending sessions={found.data.sessions} />
      </Suspense>
      <Form
        fields={[passwordField(methods.data.data.password_min, { label: texts.newPassword })]}
        action={texts.reset}
        wide
        send={async ({ password = "" }) => {
          const answer = await resetPassword(token, password);
          if ("ticket" in answer) setTicket(answer.ticket);
          else await enter();
        }}
      />
    </Card>
  );
}
