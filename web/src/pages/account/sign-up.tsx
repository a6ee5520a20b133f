import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Suspense } from "react";

import { signUp } from "@/api/account";
import { Card, inlineLink } from "@/account/card";
import { emailField } from "@/account/credentials";
import { useToken } from "@/account/enter";
import { keptInvite, typedBefore, waitFor } from "@/account/pending";
import { passwordField } from "@/account/password-field";
import type { AuthMethods } from "@/api/types";
import { methodsQuery } from "@/api/ways-in";
import { part } from "@/lib/part";
import { account as texts } from "@/texts/account";
import { buttonLook } from "@/ui/button";
import { Form } from "@/ui/form";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const ProviderButtons = part(() => import("@/account/provider-buttons"));

/** Asking for an account, where this server takes new people, or by an invitation. */
export function SignUpPage() {
  const methods = useQuery(methodsQuery);
  const token = useToken() || keptInvite();
  const shut = methods.data?.data.sign_up === "closed";
  const closed = shut && token === "";
  const signIn = (
    <p>
      {texts.haveAccount}{" "}
      <Link to="/sign-in" className={inlineLink}>
        {texts.signIn}
      </Link>
    </p>
  );
  return (
    <Card title={closed ? texts.closedTitle : texts.signUpTitle} foot={!closed && signIn}>
      <Loaded query={methods} what={texts.methodsWhat} skeleton={<SkeletonRows rows={4} height="h-14" />}>
        {({ data }) =>
          closed ? (
            <div className="flex flex-col items-start gap-3 text-dense text-muted">
              <p>{texts.closed}</p>
              <p>{texts.closedOperator}</p>
              <Link to="/sign-in" className={buttonLook("primary", "mt-2 h-9 px-4")}>
                {texts.toSignIn}
              </Link>
            </div>
          ) : (
            <>
              <Suspense fallback={<div style={{ height: `${data.providers.length * 2.75 + 2}rem` }} />}>
                {/* An invitation is for an address, which a provider may call otherwise. */}
                {!shut && data.providers.length > 0 && <ProviderButtons providers={data.providers} />}
              </Suspense>
              <SignUpForm methods={data} invite={shut ? token : undefined} />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

/** Where sign-up is open an invitation is not needed, and any address will do. */
function SignUpForm({ methods, invite }: { methods: AuthMethods; invite: string | undefined }) {
  const navigate = useNavigate();
  const before = typedBefore();
  return (
    <Form
      fields={[
        { name: "name", label: texts.name, autoComplete: "name", ...(before ? { initial: before.name } : {}) },
        { ...emailField, ...(before ? { initial: before.email } : {}) },
        passwordField(methods.password_min, { label: texts.password }),
      ]}
      action={texts.signUp}
      wide
      send={async ({ name = "", email = "", password = "" }) => {
        const person = { name, email, password, ...(invite ? { invite } : {}) };
        waitFor(person, await signUp(person));
        await navigate({ to: "/verify" });
      }}
    />
  );
}
