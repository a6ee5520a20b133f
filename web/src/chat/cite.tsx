import { Link } from "@tanstack/react-router";

import type { ChatSource } from "@/api/types";
import { cx } from "@/lib/cx";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { said as texts } from "@/texts/conversation";

const look = "mx-px inline-flex min-w-5 items-center justify-center rounded-control px-1 align-baseline font-mono text-meta leading-5";

interface Props {
  number: number;
  source: ChatSource | undefined;
  /** The answer it belongs to; nothing while that is being written. */
  message: string | undefined;
}

/** The number of a source in an answer: it opens beside the page. One that names nothing says so. */
export function Cite({ number, source, message }: Props) {
  if (!source) {
    return (
      <span data-unsupported title={texts.unsupported} className={cx(look, "bg-high-bg text-high underline decoration-wavy underline-offset-2")}>
        {number}
        <span className="sr-only"> ({texts.unsupported})</span>
      </span>
    );
  }
  const name = texts.source(number, source.hidden ? texts.hidden : visible(source.name));
  if (!message) {
    return (
      <span title={name} className={cx(look, "bg-sunken text-muted")}>
        {number}
      </span>
    );
  }
  return (
    <Link
      to="."
      search={(search) => ({ ...search, peek: peekText({ kind: "cite", id: `${message}:${number}` }) })}
      resetScroll={false}
      preload={false}
      data-cite
      aria-label={name}
      title={name}
      className={cx(look, "bg-low-bg text-low hover:underline")}
    >
      {number}
    </Link>
  );
}
