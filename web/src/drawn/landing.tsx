/** The landing page as the document that the server sends has it: made by the build (`scripts/landing.mjs`). */
import { renderToStaticMarkup } from "react-dom/server";

import { LandingView, SamplePlace } from "@/pages/landing/view";
import { landing as texts } from "@/texts/landing";
import { common } from "@/texts/common";
import { buttonLook } from "@/ui/button";

/** What the window is called. */
export const title = `${texts.title} · ${common.product}`;

/** The page before its first script has run. Its title looks as that of `PageTitle`. */
export const markup = (): string =>
  renderToStaticMarkup(
    <LandingView
      title={<h1 className="min-w-0 text-title tracking-tight">{texts.title}</h1>}
      enter={
        <>
          <a href="/sign-in" className={buttonLook("ghost")}>
            {texts.signIn}
          </a>
          <i className="size-8" />
        </>
      }
      see={
        <a href="/sample" className={buttonLook("primary", "px-4")}>
          {texts.see}
        </a>
      }
      sample={<SamplePlace />}
    />,
  );
