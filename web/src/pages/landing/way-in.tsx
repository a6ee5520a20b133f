import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { methodsQuery } from "@/api/ways-in";
import { account } from "@/texts/account";
import { landing as texts } from "@/texts/landing";
import { buttonLook } from "@/ui/button";

import { Command } from "../signed-out";

/** The way in: with a password where people have some, with the one-time link on a server that is not set up. */
export default function WayIn({ isSetUp }: { isSetUp: boolean }) {
  return (
    <section aria-label={texts.way} className="min-h-44 rounded-card border border-line bg-raised p-5">
      {isSetUp ? <WithPassword /> : <WithLink />}
    </section>
  );
}

function WithLink() {
  return (
    <>
      <h2 className="text-body font-semibold">{texts.enter}</h2>
      <p className="mt-1 mb-3 text-dense text-muted">{texts.enterText}</p>
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-44 flex-1">
          <Command />
        </div>
        <Link to="/setup" className={buttonLook("secondary", "px-4")}>
          {texts.setUp}
        </Link>
      </div>
    </>
  );
}

function WithPassword() {
  const methods = useQuery(methodsQuery).data?.data;
  const open = methods?.sign_up === "open";
  return (
    <>
      <h2 className="text-body font-semibold">{texts.signIn}</h2>
      <p className="mt-1 mb-3 min-h-10 text-dense text-muted">{methods && (open ? texts.signInOpen : account.closed)}</p>
      <div className="flex gap-2">
        <Link to="/sign-in" className={buttonLook("secondary", "px-4")}>
          {account.signIn}
        </Link>
        {open && (
          <Link to="/sign-up" className={buttonLook("secondary", "px-4")}>
            {account.signUp}
          </Link>
        )}
      </div>
    </>
  );
}
