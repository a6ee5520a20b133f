import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { account as texts } from "@/texts/account";
import { PageTitle } from "@/ui/page";

interface Props {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
  /** The way on for those who are wrong here. */
  foot?: ReactNode;
}

/** The card of a page before there is a session: one title, one form; beside it, where there is room, what an account is. */
export function Card({ title, lead, children, foot }: Props) {
  return (
    <div className="flex min-h-dvh items-start justify-center bg-subtle px-4 py-10 sm:items-center">
      <div className="grid w-full max-w-[400px] items-center gap-16 lg:max-w-[820px] lg:grid-cols-[400px_1fr]">
        <main className="flex flex-col gap-5 rounded-dialog border border-line bg-raised p-6 sm:p-8">
          <Link to="/" aria-label="DevMentor" className="self-start rounded-control">
            <img src="/mark.svg" alt="" width={32} height={32} />
          </Link>
          <div className="flex flex-col gap-1.5">
            <PageTitle name={title} />
            {lead && <div className="text-dense text-muted">{lead}</div>}
          </div>
          {children}
          {foot && <div className="flex flex-col gap-1.5 border-t border-line pt-4 text-dense text-muted">{foot}</div>}
        </main>
        <aside aria-labelledby="facts" className="hidden lg:block">
          <h2 id="facts" className="text-body font-semibold">
            {texts.factsTitle}
          </h2>
          <ul className="mt-3 flex flex-col gap-3 text-body text-muted">
            {texts.facts.map((fact) => (
              <li key={fact} className="border-s-2 border-line ps-3">
                {fact}
              </li>
            ))}
          </ul>
        </aside>
      </div>
    </div>
  );
}

/** A link inside a sentence. */
export const inlineLink = "font-medium text-accent underline underline-offset-2";
