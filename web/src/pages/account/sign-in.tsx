import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { Card, inlineLink } from "@/account/card";
import { useEnter } from "@/account/enter";
import { SignInForm } from "@/account/sign-in-form";
import { methodsQuery, setupQuery } from "@/api/ways-in";
import { part } from "@/lib/part";
import { account as texts } from "@/texts/account";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const ProviderButtons = part(() => import("@/account/provider-buttons"));
const Command = part(() => import("../signed-out").then((module) => ({ default: module.Command })));

/** Signing in with a password or, where nobody has one, the way to a one-time link. */
export function SignInPage() {
  const { to } = useSearch({ from: "/sign-in" });
  const enter = useEnter();
  const setup = useQuery(setupQuery);
  const methods = useQuery(methodsQuery);
  const providers = methods.data?.data.providers ?? [];
  const rows = <SkeletonRows rows={3} height="h-12" />;
  return (
    <Card title={texts.signInTitle} foot={<Others />}>
      <Loaded query={setup} what={texts.methodsWhat} skeleton={rows}>
        {({ data }) =>
          // The other ways stand above the form: it does not move when they come.
          methods.isPending ? (
            rows
          ) : data.needed ? (
            <div className="flex flex-col gap-3 text-dense text-muted">
              <p>{texts.linkOnly}</p>
              <Suspense fallback={<div className="h-7" />}>
                <Command />
              </Suspense>
            </div>
          ) : (
            <>
              <Suspense fallback={<div style={{ height: `${providers.length * 2.75 + 2}rem` }} />}>
                {providers.length > 0 && <ProviderButtons providers={providers} to={to} />}
              </Suspense>
              <SignInForm onSession={() => enter(to)}>
                <Link to="/forgot" className={`self-start ${inlineLink}`}>
                  {texts.forgotLink}
                </Link>
              </SignInForm>
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

/** The ways for those who have no account. */
function Others() {
  const methods = useQuery(methodsQuery).data?.data;
  return (
    <>
      <p className="min-h-10">
        {methods?.sign_up === "open" && (
          <>
            {texts.noAccount}{" "}
            <Link to="/sign-up" className={inlineLink}>
              {texts.signUpLink}
            </Link>
          </>
        )}
        {methods?.sign_up === "closed" && texts.closed}
      </p>
      <p>
        <Link to="/sample" className={inlineLink}>
          {texts.sample}
        </Link>
      </p>
    </>
  );
}
