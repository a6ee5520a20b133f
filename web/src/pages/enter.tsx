import { useNavigate } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { api, queryClient } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { entrance } from "@/texts/entrance";
import { PageTitle } from "@/ui/page";
import { Problem } from "@/ui/problem";

import { Command, Gate } from "./signed-out";

/**
 * Exchanges the one-time link for a session. The token stands behind `#`, so that it never reaches a log, and is
 * taken out of the address and the history before anything else happens.
 */
export function EnterPage() {
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>();
  const started = useRef(false);

  useEffect(() => {
    if (started.current) return;
    started.current = true;
    const token = decodeURIComponent(location.hash.slice(1));
    history.replaceState(history.state, "", location.pathname);
    if (!token) {
      setFailure(new Error(entrance.noToken));
      return;
    }
    const redeem = async () => {
      await api.POST("/api/v1/session", { body: { token } });
      queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
      queryClient.removeQueries({ queryKey: ["server"] });
      await navigate({ to: "/", replace: true });
    };
    redeem().catch(setFailure);
  }, [navigate]);

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
