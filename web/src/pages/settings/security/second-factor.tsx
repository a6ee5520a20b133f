import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";

import { meQuery } from "@/api/account";
import { forgetTrustedBrowsers } from "@/api/second-factor";
import type { Me, SecondFactor } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { own } from "@/texts/own-settings";
import { secondFactor as texts } from "@/texts/second-factor";
import { Button } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Problem } from "@/ui/problem";

const EnrolDialog = part(() => import("./enrol-dialog"));
const ProveDialog = part(() => import("./prove-dialog"));

/** A few that are left are soon none. */
const FEW = 3;

/** Whether a code is asked for beside the password, and what goes with that. */
export default function SecondFactorPanel({ factor }: { factor: SecondFactor }) {
  return (
    <Loaded query={useQuery(meQuery)} what={own.what} skeleton={<SkeletonRows rows={2} height="h-20" />}>
      {({ data }) => <OwnFactor me={data} factor={factor} />}
    </Loaded>
  );
}

function OwnFactor({ me, factor }: { me: Me; factor: SecondFactor }) {
  const now = useNow();
  const offline = useOffline();
  const [open, setOpen] = useState<"enrol" | "renew" | "remove">();
  const [said, setSaid] = useState("");
  const [failure, setFailure] = useState<unknown>();
  const close = (what = "") => {
    setOpen(undefined);
    setSaid(what);
  };
  const forget = async () => {
    setFailure(undefined);
    try {
      await forgetTrustedBrowsers();
      setSaid(texts.forgot);
    } catch (error) {
      setFailure(error);
    }
  };
  const { since, recovery_left: left, trusted_browsers: trusted } = factor;
  return (
    <div className="flex flex-col gap-3 text-dense">
      <p role="status" className="text-ok empty:hidden">
        {said}
      </p>
      {failure !== undefined && <Problem error={failure} />}
      {since === null ? (
        <>
          <p className="max-w-[72ch] text-muted">{me.password_at ? texts.off : texts.noPassword}</p>
          {me.password_at && (
            <Button look="primary" className="self-start" blocked={offline} onClick={() => setOpen("enrol")}>
              {texts.turnOn}
            </Button>
          )}
        </>
      ) : (
        <>
          <p>{texts.on(formatAge(since, now))}</p>
          <p className={left <= FEW ? "text-medium" : "text-muted"}>
            {texts.recoveryLeft(left)} {left <= FEW && texts.recoveryFew}
          </p>
          <p className="text-muted">{texts.trusted(trusted)}</p>
          <div className="flex flex-wrap gap-2">
            <Button blocked={offline} onClick={() => setOpen("renew")}>
              {texts.renew}
            </Button>
            {trusted > 0 && (
              <Button blocked={offline} onClick={() => void forget()}>
                {texts.forget}
              </Button>
            )}
            <Button look="ghost" blocked={offline} onClick={() => setOpen("remove")}>
              {texts.remove}
            </Button>
          </div>
        </>
      )}
      <Suspense>
        {open === "enrol" && <EnrolDialog me={me} onClose={() => close()} onDone={() => close(texts.turnedOn)} />}
        {open === "renew" && <ProveDialog me={me} renew onClose={() => close()} onDone={() => close()} />}
        {open === "remove" && <ProveDialog me={me} onClose={() => close()} onDone={() => close(texts.turnedOff)} />}
      </Suspense>
    </div>
  );
}
