import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { methodsQuery } from "@/api/ways-in";
import { account } from "@/texts/account";
import { landing as texts } from "@/texts/landing";
import { buttonLook } from "@/ui/button";

/** The way in where people have passwords. */
export default function WayIn() {
  const methods = useQuery(methodsQuery).data?.data;
  const open = methods?.sign_up === "open";
  return (
    <>
      <h2 id="enter" className="text-body font-semibold">
        {texts.signIn}
      </h2>
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
