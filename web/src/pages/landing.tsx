import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense } from "react";

import { serverQuery } from "@/api/queries";
import { setupQuery } from "@/api/ways-in";
import { part } from "@/lib/part";
import { landing as texts } from "@/texts/landing";
import { buttonLook } from "@/ui/button";
import { Loaded } from "@/ui/loaded";
import { PageTitle } from "@/ui/page";

import { LandingView, SamplePlace } from "./landing/view";

// Below the words that say what this is.
const FromSample = part(() => import("./landing/from-sample"));
const WayIn = part(() => import("./landing/way-in"));
const ThemeMenu = part(() => import("./landing/theme-menu"));

/** What this is, on one screen, with a piece of a real report beside it, and the way in. */
export function LandingPage() {
  const server = useQuery(serverQuery).data?.data;
  const setup = useQuery(setupQuery);
  return (
    <LandingView
      title={<PageTitle name={texts.title} />}
      enter={
        <>
          <Link to="/sign-in" className={buttonLook("ghost")}>
            {texts.signIn}
          </Link>
          <Suspense fallback={<i className="size-8" />}>
            <ThemeMenu />
          </Suspense>
        </>
      }
      way={
        <Loaded query={setup} what={texts.wayWhat} skeleton={null}>
          {({ data }) => (
            <Suspense fallback={<div aria-busy="true" />}>
              <WayIn isSetUp={!data.needed} />
            </Suspense>
          )}
        </Loaded>
      }
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
      foot={
        server && (
          <>
            <span className="me-auto">{texts.version(server.version)}</span>
            <Link to="/developers/api" className="hover:underline">
              {texts.programs}
            </Link>
          </>
        )
      }
    />
  );
}
