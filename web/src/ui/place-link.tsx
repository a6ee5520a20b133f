import { Link } from "@tanstack/react-router";

import type { Span } from "@/api/types";
import { formatPlace } from "@/lib/format";
import { peekText } from "@/lib/peek";

/** Opens a place of the analysed commit beside the page. */
export function PlaceLink({ repo, span, className }: { repo: string; span: Span; className?: string }) {
  return (
    <Link
      to="."
      search={(search) => ({ ...search, peek: peekText({ kind: "source", repo, ...span }) })}
      resetScroll={false}
      className={`inline-block max-w-full truncate align-bottom font-mono text-meta leading-6 text-accent hover:underline ${className ?? ""}`}
      title={formatPlace(span)}
    >
      {formatPlace(span)}
    </Link>
  );
}
