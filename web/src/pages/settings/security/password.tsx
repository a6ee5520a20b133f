import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { passwordField } from "@/account/password-field";
import { changePassword } from "@/api/account";
import { queryClient } from "@/api/client";
import type { Me } from "@/api/types";
import { methodsQuery } from "@/api/ways-in";
import { useNow } from "@/lib/clock";
import { formatAge } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { own as texts } from "@/texts/own-settings";
import { buttonLook } from "@/ui/button";
import { Form } from "@/ui/form";
import { Loaded, SkeletonRows } from "@/ui/loaded";

/** The password: set, changed, or not there because only the link lets in. */
export default function Password({ me }: { me: Me }) {
  const [changed, setChanged] = useState(0);
  const now = useNow();
  const methods = useQuery(methodsQuery);
  const offline = useOffline();
  if (me.can.set_up) {
    return (
      <div className="flex flex-col items-start gap-2 text-dense">
        <p className="font-medium">{texts.noPassword}</p>
        <p className="max-w-[72ch] text-muted">{texts.noPasswordText}</p>
        <Link to="/setup" className={buttonLook("primary", "mt-1")}>
          {texts.setUp}
        </Link>
      </div>
    );
  }
  const has = me.password_at !== null;
  const change = async ({ current = "", password = "" }: Record<string, string>) => {
    await changePassword(password, current || undefined);
    setChanged((count) => count + 1);
    await queryClient.invalidateQueries({ queryKey: ["me"] });
  };
  return (
    <div className="flex max-w-[400px] flex-col gap-3 text-dense">
      <p className="text-muted">{me.password_at ? texts.passwordChanged(formatAge(me.password_at, now)) : texts.noneYet}</p>
      <p role="status" className="text-ok empty:hidden">
        {changed > 0 && texts.changed}
      </p>
      <Loaded query={methods} what={texts.what} skeleton={<SkeletonRows rows={2} height="h-14" />}>
        {({ data }) => (
          <Form
            // What was changed leaves empty fields behind.
            key={`${has}${changed}`}
            username={me.email ?? undefined}
            fields={[
              ...(has ? [{ name: "current", label: texts.current, kind: "password" as const, autoComplete: "current-password" }] : []),
              passwordField(data.password_min, { label: texts.fresh }),
            ]}
            action={has ? texts.change : texts.set}
            blocked={offline}
            send={change}
          />
        )}
      </Loaded>
    </div>
  );
}
