/** The dialog over a page whose session has ended. It has a root of its own: no page has to think of it. */
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";

import { queryClient, type Answer } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { leaving, noteSignedIn, REFRESHED } from "@/api/signed-in";
import type { Session } from "@/api/types";
import { methodsQuery } from "@/api/ways-in";
import { Command } from "@/pages/signed-out";
import { account as texts } from "@/texts/account";
import { Dialog } from "@/ui/dialog";

import { inlineLink } from "./card";
import { SignInForm } from "./sign-in-form";

let asking: Promise<void> | undefined;

/** Asks whoever was signed in to sign in again; done when they have. The page below stays as it is. */
export function signInAgain(): Promise<void> {
  asking ??= new Promise<void>((resolve) => {
    const host = document.createElement("div");
    document.body.append(host);
    const root = createRoot(host);
    const done = () => {
      root.unmount();
      host.remove();
      asking = undefined;
      resolve();
    };
    root.render(
      <QueryClientProvider client={queryClient}>
        <SignInAgain onDone={done} />
      </QueryClientProvider>,
    );
  });
  return asking;
}

/** Nothing of the one who was here is to be there for somebody else: the page begins anew. */
async function beginAnew(to: string): Promise<void> {
  leaving.now = true;
  const { forget } = await import("@/offline/kept");
  await forget();
  sessionStorage.clear();
  location.assign(to);
}

function SignInAgain({ onDone }: { onDone: () => void }) {
  const before = queryClient.getQueryData<Answer<Session>>(sessionQuery.queryKey)?.data.user.id;
  const providers = (useQuery(methodsQuery).data?.data.providers.length ?? 0) > 0;
  const goOn = async (session: Session) => {
    if (session.user.id !== before) return beginAnew("/");
    queryClient.setQueryData<Answer<Session>>(sessionQuery.queryKey, (old) => old && { ...old, data: session });
    onDone();
  };
  useEffect(() => {
    // Another window of this browser may be the one that signs in.
    const listen = async ({ key }: StorageEvent) => {
      if (key !== `devmentor.${REFRESHED}`) return;
      const reply = await fetch("/api/v1/session", { cache: "no-store" });
      if (reply.ok) await goOn(((await reply.json()) as Answer<Session>).data);
    };
    const heard = (event: StorageEvent) => void listen(event);
    addEventListener("storage", heard);
    return () => removeEventListener("storage", heard);
  });
  return (
    <Dialog title={texts.again.title} stays className="w-[min(420px,calc(100vw-32px))]">
      <div className="flex flex-col gap-4">
        <p className="text-dense text-muted">{texts.again.lead}</p>
        <SignInForm
          autoFocus
          onSession={async (session) => {
            noteSignedIn();
            await goOn(session);
          }}
        />
        <div className="flex flex-col gap-2 border-t border-line pt-4 text-dense text-muted">
          {providers && (
            <p>
              {/* This page would be lost on the way to a provider and back. */}
              <a href="/sign-in" target="_blank" rel="noopener" className={inlineLink}>
                {texts.again.provider}
              </a>{" "}
              {texts.again.providerHint}
            </p>
          )}
          <p>{texts.again.link}</p>
          <Command />
          <p>
            <button type="button" className={inlineLink} onClick={() => void beginAnew("/sign-in")}>
              {texts.again.leave}
            </button>{" "}
            {texts.again.leaveHint}
          </p>
        </div>
      </div>
    </Dialog>
  );
}
