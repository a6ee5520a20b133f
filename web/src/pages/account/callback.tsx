import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";

import { Card } from "@/account/card";
import { useEnter } from "@/account/enter";
import { arrive, depart, journeyBefore, linkedQuery } from "@/api/providers";
import { problemOf, queryClient } from "@/api/client";
import { methodsQuery } from "@/api/ways-in";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { providers as texts } from "@/texts/providers";
import { Button, buttonLook } from "@/ui/button";
import { Problem } from "@/ui/problem";

const SecondStep = part(() => import("@/account/second-step"));

/** What came of it: somebody is signed in or linked by then, else a code is asked for or it is said why not. */
type Outcome = { ticket: string } | { failure: unknown } | { refusal: string | null };

/** What a provider says in place of a code, in words; it may say nothing. */
function refusalOf(name: string, error: string | null): string {
  if (error === null) return texts.nothing(name);
  return texts.refusals[error]?.(name) ?? texts.refused(name, visible(error));
}

/** The page that a provider sends the browser back to. What it brings counts once, and leaves the address at once. */
export function CallbackPage() {
  const { provider } = useParams({ from: "/oauth/$provider/callback" });
  const [back] = useState(() => new URLSearchParams(location.search));
  const navigate = useNavigate();
  const enter = useEnter();
  const methods = useQuery(methodsQuery).data?.data;
  const [{ link, to }] = useState(journeyBefore);
  const [outcome, setOutcome] = useState<Outcome>();
  const started = useRef(false);
  const name = visible(methods?.providers.find(({ id }) => id === provider)?.name ?? provider);

  useEffect(() => {
    if (started.current) return;
    started.current = true;
    history.replaceState(history.state, "", location.pathname);
    const [code, state, iss, error] = ["code", "state", "iss", "error"].map((each) => back.get(each));
    if (error || !code || !state) return setOutcome({ refusal: error || null });
    const finish = async () => {
      const answer = await arrive(provider, { code, state, ...(iss ? { iss } : {}) });
      if ("ticket" in answer) return setOutcome({ ticket: answer.ticket });
      if (answer.session !== null) return enter(to);
      await queryClient.invalidateQueries({ queryKey: linkedQuery.queryKey });
      await navigate({ to: "/settings/$page", params: { page: "security" }, replace: true });
    };
    finish().catch((failure: unknown) => setOutcome({ failure }));
  }, [back, enter, navigate, provider, to]);

  const again = async () => {
    try {
      location.assign(await depart(provider, { link, to }));
    } catch (failure) {
      setOutcome({ failure });
    }
  };
  if (outcome === undefined) {
    return (
      <Card title={link ? texts.arrivingLink(name) : texts.arriving(name)}>
        <LoaderCircle className="spin text-faint" aria-hidden />
      </Card>
    );
  }
  if ("ticket" in outcome) {
    return (
      <Card title={texts.arriving(name)}>
        <Suspense fallback={<div className="h-40" />}>
          <SecondStep ticket={outcome.ticket} lead={texts.code} onSession={() => enter(to)} onBack={() => void navigate({ to: "/sign-in" })} />
        </Suspense>
      </Card>
    );
  }
  // Where its address has an account here, trying again ends the same way: that account links the two, under Security.
  const known = "failure" in outcome && problemOf(outcome.failure).code === "email_known";
  return (
    <Card title={link ? texts.failedLink(name) : texts.failed(name)}>
      {"refusal" in outcome ? (
        <p role="alert" className="text-dense text-muted">
          {refusalOf(name, outcome.refusal)}
        </p>
      ) : (
        <Problem error={outcome.failure} />
      )}
      <div className="flex flex-wrap gap-2">
        {link ? (
          // Linking asks for the password, which is not kept.
          <Link to="/settings/$page" params={{ page: "security" }} className={buttonLook("primary", "h-9 px-4")}>
            {texts.back}
          </Link>
        ) : (
          <>
            {!known && (
              <Button look="primary" className="h-9 px-4" onClick={() => void again()}>
                {texts.again}
              </Button>
            )}
            <Link
              to="/sign-in"
              search={known ? { to: "/settings/security" } : to ? { to } : {}}
              className={buttonLook(known ? "primary" : "secondary", "h-9 px-4")}
            >
              {known ? texts.signInToLink : texts.email}
            </Link>
          </>
        )}
      </div>
    </Card>
  );
}
