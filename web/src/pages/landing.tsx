import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense } from "react";

import { serverQuery } from "@/api/queries";
import { part } from "@/lib/part";
import { landing as texts } from "@/texts/landing";
import { buttonLook } from "@/ui/button";
import { PageTitle } from "@/ui/page";

import { LandingView, SamplePlace } from "./landing/view";

// Below the words that say what this is.
const FromSample = part(() => import("./landing/from-sample"));

/** What this is, on one screen, with a piece of a real report beside it, and the way in. */
export function LandingPage() {
  const server = useQuery(serverQuery).data?.data;
  return (
    <LandingView
      title={<PageTitle name={texts.title} />}
      see={
        <Link to="/sample" className={buttonLook("primary", "px-4")}>
          {texts.see}
        </Link>
      }
      sample={
        <Suspense fallback={<SamplePlace />}>
          <FromSample />
        </Suspense>
      }
      foot={server && texts.version(server.version)}
    />
  );
}
