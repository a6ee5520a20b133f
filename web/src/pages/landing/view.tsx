import type { ReactNode } from "react";

import { landing as texts } from "@/texts/landing";

interface Props {
  /** The page's `h1`. */
  title: ReactNode;
  /** The link to where people sign in, and the theme. */
  enter: ReactNode;
  /** The link to the sample. */
  see: ReactNode;
  /** How people get into this server; nothing as long as that is not known. */
  way?: ReactNode;
  /** A piece of the sample's report, or its place. */
  sample: ReactNode;
  /** What stands at the end. */
  foot?: ReactNode;
}

/**
 * What this is, on one screen. It is drawn twice, by the build into the document that the server sends and by the app
 * over it, so it needs nothing of the app: whatever does is handed in.
 */
export function LandingView({ title, enter, see, way, sample, foot }: Props) {
  return (
    <div className="flex min-h-dvh flex-col bg-subtle" data-drawn>
      <header className="mx-auto flex w-full max-w-[1120px] items-center gap-2.5 px-4 py-4 sm:px-8">
        <img src="/mark.svg" alt="" width={24} height={24} />
        <span className="text-body font-semibold">DevMentor</span>
        <span className="ms-auto flex items-center gap-1">{enter}</span>
      </header>
      <main className="mx-auto grid w-full max-w-[1120px] flex-1 content-start gap-x-12 gap-y-10 px-4 py-6 sm:px-8 lg:content-center lg:items-center lg:grid-cols-[minmax(0,11fr)_minmax(0,10fr)]">
        <div className="flex flex-col items-start gap-5">
          <div className="[&_h1]:text-balance [&_h1]:text-landing [&_h1]:font-semibold">{title}</div>
          <p className="max-w-[56ch] text-reading text-muted">{texts.lead}</p>
          {see}
          <div className="mt-3 min-h-44 w-full max-w-[480px]">{way}</div>
        </div>
        {sample}
      </main>
      <footer className="mx-auto flex min-h-12 w-full max-w-[1120px] items-center px-4 py-4 text-meta text-faint sm:px-8">{foot}</footer>
    </div>
  );
}

/** Where the piece of the sample's report will stand: as high as it, so that nothing moves when it comes. */
export const SamplePlace = () => <div aria-busy="true" className="min-h-[36rem]" />;
