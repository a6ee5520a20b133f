import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense } from "react";

import { serverQuery } from "@/api/queries";
import { part } from "@/lib/part";
import { landing as texts } from "@/texts/landing";
import { buttonLook } from "@/ui/button";
import { PageTitle } from "@/ui/page";

import { Command } from "./signed-out";

// Below the words that say what this is.
const FromSample = part(() => import("./landing/from-sample"));

/** What this is, on one screen, with a piece of a real report beside it, and the way in. */
export function LandingPage() {
  const server = useQuery(serverQuery).data?.data;
  return (
    <div className="flex min-h-dvh flex-col bg-subtle">
      <header className="mx-auto flex w-full max-w-[1120px] items-center gap-2.5 px-4 py-4 sm:px-8">
        <img src="/mark.svg" alt="" width={24} height={24} />
        <span className="text-body font-semibold">DevMentor</span>
      </header>
      <main className="mx-auto grid w-full max-w-[1120px] flex-1 content-start gap-x-12 gap-y-10 px-4 py-6 sm:px-8 lg:content-center lg:items-center lg:grid-cols-[minmax(0,11fr)_minmax(0,10fr)]">
        <div className="flex flex-col items-start gap-5">
          <div className="[&_h1]:text-balance [&_h1]:text-landing [&_h1]:font-semibold">
            <PageTitle name={texts.title} />
          </div>
          <p className="max-w-[56ch] text-reading text-muted">{texts.lead}</p>
          <Link to="/sample" className={buttonLook("primary", "px-4")}>
            {texts.see}
          </Link>
          <section aria-labelledby="enter" className="mt-3 w-full max-w-[480px] rounded-card border border-line bg-raised p-5">
            <h2 id="enter" className="text-body font-semibold">
              {texts.enter}
            </h2>
            <p className="mt-1 mb-3 text-dense text-muted">{texts.enterText}</p>
            <Command />
          </section>
        </div>
        <Suspense fallback={<div aria-busy="true" className="min-h-96" />}>
          <FromSample />
        </Suspense>
      </main>
      <footer className="mx-auto flex min-h-12 w-full max-w-[1120px] items-center px-4 py-4 text-meta text-faint sm:px-8">
        {server && texts.version(server.version)}
      </footer>
    </div>
  );
}
