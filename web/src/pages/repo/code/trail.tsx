import { Link, useParams } from "@tanstack/react-router";
import { Fragment } from "react";

import { visible } from "@/lib/visible";
import { code as texts } from "@/texts/code";

/** Where the open file or folder is, each folder a link. */
export function Trail({ repo, path }: { repo: string; path: string }) {
  const ws = useParams({ strict: false }).ws ?? "";
  const parts = path === "" ? [] : path.split("/");
  const steps = [{ name: texts.root, to: "" }, ...parts.map((name, index) => ({ name, to: parts.slice(0, index + 1).join("/") }))];
  return (
    <nav aria-label={texts.folder} className="min-w-0 flex-1 font-mono text-meta leading-5 [overflow-wrap:anywhere]">
      {steps.map(({ name, to }, index) => (
        <Fragment key={to}>
          {index > 0 && <span className="text-faint"> / </span>}
          {index === steps.length - 1 ? (
            <span aria-current="page" className="font-semibold">
              {visible(name)}
            </span>
          ) : (
            <Link
              to="/w/$ws/repos/$repo/code/$"
              params={{ ws, repo, _splat: to }}
              search={({ commit }) => (commit ? { commit } : {})}
              activeOptions={{ exact: true }}
              className="text-accent underline underline-offset-2"
            >
              {visible(name)}
            </Link>
          )}
        </Fragment>
      ))}
    </nav>
  );
}
