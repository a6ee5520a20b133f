import { useNavigate } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { useToken } from "@/account/enter";
import { entered } from "@/api/account";
import { api, queryClient } from "@/api/client";
import { setupQuery } from "@/api/ways-in";
import { entrance } from "@/texts/entrance";
import { PageTitle } from "@/ui/page";
import { Problem } from "@/ui/problem";

import { Command, Gate } from "./signed-out";

/** Exchanges the one-time link for a session. */
export function EnterPage() {
  const token = useToken();
  // A fresh link may be pasted where an old one did not work.
  return <Entering key={token} token={token} />;
}

function Entering({ token }: { token: string }) {
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>();
  const started = useRef(false);

  useEffect(() => {
    if (started.current) return;
    started.current = true;
    if (!token) {
      setFailure(new Error(entrance.noToken));
      return;
    }
    const redeem = async () => {
      await api.POST("/api/v1/session", { body: { token } });
      await entered();
      const { data: setup } = await queryClient.fetchQuery(setupQuery);
      // Where others reach the server, its owner has an address and a password before anything else.
      const first = setup.needed && !setup.password_optional;
      await navigate({ to: first ? "/setup" : "/", replace: true });
    };
    redeem().catch(setFailure);
  }, [navigate, token]);

  return (
    <Gate>
      <PageTitle name={failure ? entrance.enterFailed : entrance.entering} />
      {failure ? (
        <>
          <Problem error={failure} />
          <p className="text-muted">{entrance.enterFailedHint}</p>
          <Command />
        </>
      ) : (
        <LoaderCircle className="spin text-faint" aria-hidden />
      )}
    </Gate>
  );
}
