import { Link, useNavigate } from "@tanstack/react-router";

import type { Span } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatPlace } from "@/lib/format";
import { linesHash } from "@/lib/hash";
import { peekText } from "@/lib/peek";

/** A place of the analysed commit: a click opens it beside the page, and its address is that of the page it has itself. */
export function PlaceLink({ repo, span, className }: { repo: string; span: Span; className?: string }) {
  const ws = useWorkspace();
  const navigate = useNavigate();
  return (
    <Link
      to="/w/$ws/repos/$repo/code/$"
      params={{ ws, repo, _splat: span.path }}
      hash={linesHash(span.start, span.end)}
      preload={false}
      onClick={(event) => {
        // Another tab or window gets the page.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        void navigate({
          to: ".",
          search: (search) => ({ ...search, peek: peekText({ kind: "source", repo, ...span }) }),
          hash: true,
          resetScroll: false,
        });
      }}
      className={`inline-block max-w-full truncate align-bottom font-mono text-meta leading-6 text-accent hover:underline ${className ?? ""}`}
      title={formatPlace(span)}
    >
      {formatPlace(span)}
    </Link>
  );
}
