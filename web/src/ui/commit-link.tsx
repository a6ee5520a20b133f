import { Link } from "@tanstack/react-router";

import { shortCommit } from "@/lib/format";
import { peekText } from "@/lib/peek";
import { commit as texts } from "@/texts/commit";

/** A commit by the beginning of its id: opens what it changed beside the page. */
export function CommitLink({ repo, id }: { repo: string; id: string }) {
  return (
    <Link
      to="."
      search={(search) => ({ ...search, peek: peekText({ kind: "commit", repo, id }) })}
      hash={true}
      resetScroll={false}
      preload={false}
      aria-label={texts.open(shortCommit(id))}
      title={id}
      className="inline-block font-mono text-meta leading-6 text-accent hover:underline"
    >
      {shortCommit(id)}
    </Link>
  );
}
