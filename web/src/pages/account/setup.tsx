import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Suspense } from "react";

import { entered, setUp } from "@/api/account";
import { Card } from "@/account/card";
import { emailField } from "@/account/credentials";
import { useToken } from "@/account/enter";
import { passwordField } from "@/account/password-field";
import { queryClient } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { methodsQuery, setupQuery } from "@/api/ways-in";
import { part } from "@/lib/part";
import { account as texts } from "@/texts/account";
import { buttonLook } from "@/ui/button";
import { Form, type FieldSpec } from "@/ui/form";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const Command = part(() => import("../signed-out").then((module) => ({ default: module.Command })));

/** The owner of a new server gets a name, an address and a password. */
export function SetupPage() {
  const token = useToken();
  const setup = useQuery(setupQuery);
  const methods = useQuery(methodsQuery);
  const done = setup.data?.data.needed === false;
  return (
    <Card title={done ? texts.setupDone : texts.setupTitle} lead={done ? texts.setupDoneText : texts.setupLead}>
      <Loaded query={setup} what={texts.setupWhat} skeleton={<SkeletonRows rows={4} height="h-14" />}>
        {({ data }) =>
          done ? (
            <Link to="/sign-in" className={buttonLook("primary", "h-9 px-4")}>
              {texts.toSignIn}
            </Link>
          ) : (
            <Loaded query={methods} what={texts.methodsWhat} skeleton={<SkeletonRows rows={4} height="h-14" />}>
              {(known) => <SetupForm token={token} optional={data.password_optional} least={known.data.password_min} />}
            </Loaded>
          )
        }
      </Loaded>
    </Card>
  );
}

function SetupForm({ token, optional, least }: { token: string; optional: boolean; least: number }) {
  const navigate = useNavigate();
  // Whoever came by the printed link is signed in, and shows no code again.
  const known = useQuery({ ...sessionQuery, retry: false }).data?.data;
  const code: FieldSpec = {
    name: "code",
    label: texts.setupCode,
    autoComplete: "off",
    hint: texts.setupCodeHint,
    initial: token,
  };
  return (
    <>
      {optional && <p className="text-dense text-muted">{texts.setupLocal}</p>}
      <Form
        key={known?.user.id ?? token}
        fields={[
          ...(known ? [] : [code]),
          { name: "name", label: texts.name, autoComplete: "name", initial: known?.user.name ?? "" },
          { ...emailField, optional },
          passwordField(least, { label: texts.password, optional }),
        ]}
        action={texts.setup}
        wide
        send={async ({ code: given = "", name = "", email = "", password = "" }) => {
          try {
            await setUp({ ...(given ? { code: codeOf(given) } : {}), name, ...(email ? { email } : {}), ...(password ? { password } : {}) });
          } catch (error) {
            // The code is used up all the same, and has signed in.
            if (given) await queryClient.refetchQueries({ queryKey: sessionQuery.queryKey });
            throw error;
          }
          await entered();
          await navigate({ to: "/start/source", replace: true });
        }}
      />
      {!known && token === "" && (
        <div className="flex flex-col gap-1.5">
          <p className="text-meta text-muted">{texts.setupNoCode}</p>
          <Suspense fallback={<div className="h-8" />}>
            <Command />
          </Suspense>
        </div>
      )}
    </>
  );
}

/** The code out of what was pasted: people paste the whole link. */
const codeOf = (text: string): string => text.trim().replace(/^.*#/, "");
