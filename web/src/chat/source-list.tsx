import { Link } from "@tanstack/react-router";

import type { ChatSource } from "@/api/types";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { asAsked } from "@/memory/reasons";
import { said as texts, source as sources } from "@/texts/conversation";
import { Prose } from "@/ui/prose";
import { Tag } from "@/ui/tag";

import { KIND_ICONS } from "./kinds";
import { Passage } from "./passage";

interface Props {
  message: string;
  sources: readonly ChatSource[];
  /** Those that the answer cites. */
  cited: ReadonlySet<number>;
  /** The passages themselves: they are the answer. */
  whole?: boolean;
  /** What was asked: the words that were found are told as they stand in it. */
  question?: string;
}

/** How many lines of a passage are shown in a list. */
const LINES = 14;

/** What an answer rests on, by number. */
export function SourceList({ message, sources: all, cited, whole = false, question = "" }: Props) {
  return (
    <ol className="flex flex-col gap-px">
      {all.map((source) => {
        const Icon = KIND_ICONS[source.kind];
        return (
          <li key={source.number} className={whole ? "mb-3 flex min-w-0 flex-col gap-1.5 last:mb-0" : "min-w-0"}>
            <p className="flex min-w-0 items-center gap-2 text-dense">
              <span className="w-5 shrink-0 text-end font-mono text-meta text-faint">{source.number}</span>
              <Icon size={14} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />
              {source.hidden ? (
                <span className="text-faint">{texts.hidden}</span>
              ) : (
                <Link
                  data-row
                  to="."
                  search={(search) => ({ ...search, peek: peekText({ kind: "cite", id: `${message}:${source.number}` }) })}
                  resetScroll={false}
                  preload={false}
                  title={visible(source.name)}
                  className={`min-w-0 truncate leading-6 text-accent hover:underline ${source.place ? "font-mono text-meta" : ""}`}
                >
                  {source.place ? visible(source.name) : <Prose text={source.name} />}
                </Link>
              )}
              <span className="sr-only">{sources.kinds[source.kind]}</span>
              {cited.has(source.number) && <Tag>{texts.cited}</Tag>}
              <span className="hidden min-w-0 shrink truncate text-meta text-faint @lg:inline">
                <Prose text={source.why} />
              </span>
            </p>
            {whole && !source.hidden && (
              <div className="ms-7 min-w-0">
                <Passage source={source} lines={LINES} />
                {source.terms.length > 0 && <p className="mt-1 text-meta text-faint">{sources.terms(visible(asAsked(source.terms, question)))}</p>}
              </div>
            )}
          </li>
        );
      })}
    </ol>
  );
}
