import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";

import type { SearchKind } from "@/api/search";
import type { CodeFound, CodePassage, CodeSymbol } from "@/api/types";
import { formatPlace, shortCommit } from "@/lib/format";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { useSlug } from "@/repo/slug";
import { code } from "@/texts/code";
import { codeSearch as texts } from "@/texts/code-search";
import { Empty } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";
import { Tag } from "@/ui/tag";

import { pieces } from "./pieces";

interface Props {
  found: CodeFound;
  /** What was left out, one sentence each. */
  partial: readonly string[];
  text: string;
  kind: SearchKind;
}

/** What was found, the best first; each result opens its lines beside the page. */
export default function FoundList({ found, partial, text, kind }: Props) {
  const count = found.passages.length + found.symbols.length;
  const commit = shortCommit(found.commit);
  return (
    <section className="flex flex-col gap-3" aria-label={texts.title}>
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className="text-dense text-muted">
          {count === 0 ? "" : texts.found(count, found.files, commit)}
        </p>
        <PartialTag reasons={partial} />
      </div>
      {count === 0 && (
        <Empty>
          {texts.none(visible(text), found.files, commit)} {texts.noneHint[kind]}
        </Empty>
      )}
      <ul className="flex flex-col gap-3">
        {found.passages.map((each) => (
          <Passage key={`${each.path}:${each.start}`} passage={each} />
        ))}
      </ul>
      {found.symbols.length > 0 && (
        <ul className="overflow-clip rounded-card border border-line">
          {found.symbols.map((each) => (
            <Definition key={`${each.path}:${each.start} ${each.name}`} symbol={each} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** A link over what it is of, which opens these lines beside the page. */
function Lines({ at, children }: { at: { path: string; start: number; end: number }; children: ReactNode }) {
  const repo = useSlug();
  const { path, start, end } = at;
  return (
    <Link
      data-row
      to="."
      search={(search: object) => ({ ...search, peek: peekText({ kind: "source", repo, path, start, end }) })}
      resetScroll={false}
      className="min-w-0 font-mono text-meta leading-5 text-accent [overflow-wrap:anywhere] after:absolute after:inset-0 hover:underline"
    >
      {children}
    </Link>
  );
}

function Passage({ passage }: { passage: CodePassage }) {
  const { text, terms, start, symbol, score, from_meaning: meaning } = passage;
  const share = score > 0 ? meaning / score : 0;
  return (
    <li className="overflow-clip rounded-card border border-line">
      <div className="relative flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-b border-line bg-subtle px-3 py-1.5 hover:bg-sunken">
        <Lines at={passage}>{formatPlace(passage)}</Lines>
        {symbol && <code className="text-meta text-muted [overflow-wrap:anywhere]">{visible(symbol)}</code>}
        <span className="ms-auto text-meta text-faint">
          {[...(terms.length > 0 ? [texts.words(terms.map(visible))] : []), ...(share > 0.005 ? [texts.meaning(share)] : [])].join(" · ")}
        </span>
      </div>
      <pre tabIndex={0} role="region" aria-label={formatPlace(passage)} className="scroll-thin max-h-56 overflow-auto py-1.5 text-meta leading-5">
        {text.split("\n").map((line, index) => (
          <span key={index} className="code-line">
            <span className="code-number">{start + index}</span>
            <span className="code-text">
              {pieces(line, terms).map(([piece, hit], each) => (
                <Fragment key={each}>{hit ? <mark className="rounded-control bg-medium-bg text-inherit">{visible(piece)}</mark> : visible(piece)}</Fragment>
              ))}
            </span>
          </span>
        ))}
      </pre>
    </li>
  );
}

function Definition({ symbol }: { symbol: CodeSymbol }) {
  return (
    <li className="relative flex flex-wrap items-baseline gap-x-3 border-b border-line px-3 py-2 last:border-0 hover:bg-subtle">
      <code className="text-dense font-medium [overflow-wrap:anywhere]">{visible(symbol.name)}</code>
      <Tag>{code.kinds[symbol.kind]}</Tag>
      <span className="ms-auto">
        <Lines at={symbol}>{formatPlace(symbol)}</Lines>
      </span>
    </li>
  );
}
