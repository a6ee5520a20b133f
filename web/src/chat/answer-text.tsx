import { Fragment, memo, type ReactNode } from "react";

import { placeIn } from "@/lib/rich-text";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";
import { answer as texts } from "@/texts/conversation";
import { PlaceLink } from "@/ui/place-link";

import { CodeBlock } from "./code-block";
import { DEEPEST, isCitation, pageOf, pieces, plain, read, type Token, type Tokens } from "./markdown";

interface Props {
  text: string;
  /** How the number of a source is shown. */
  cite: (number: number) => ReactNode;
  /** The files that were read, whose places can be opened, and where they are. */
  places?: { repo: string; paths: ReadonlySet<string> } | undefined;
}

type Context = Omit<Props, "text">;

/**
 * What a model wrote. The elements that can come of it are those of this file: its markup, its images and its addresses
 * that are no pages stay the text they are.
 */
export const AnswerText = memo(function AnswerText({ text, ...context }: Props) {
  return (
    <div className="flex flex-col gap-3 leading-6 [overflow-wrap:anywhere]">
      <Blocks tokens={read(text)} context={context} depth={0} />
    </div>
  );
});

interface Level {
  tokens: readonly Token[];
  context: Context;
  depth: number;
}

const Blocks = ({ tokens, context, depth }: Level) => tokens.map((token, at) => <Block key={at} token={token} context={context} depth={depth} />);

const HEADINGS = ["text-section", "text-reading"] as const;

function Block({ token, context, depth }: { token: Token; context: Context; depth: number }) {
  if (depth > DEEPEST) return <p className="whitespace-pre-wrap">{visible(token.raw)}</p>;
  const inline = (tokens: readonly Token[] | undefined) => <Inlines tokens={tokens ?? []} context={context} depth={depth + 1} />;
  switch (token.type) {
    case "space":
      return null;
    case "heading": {
      const { depth: rank, tokens } = token as Tokens.Heading;
      // All of one level: a model skips some, and what reads the page out must not.
      return <h3 className={HEADINGS[rank - 1] ?? "text-body"}>{inline(tokens)}</h3>;
    }
    case "paragraph":
      return <p>{inline(token.tokens)}</p>;
    case "text":
      return token.tokens ? <p>{inline(token.tokens)}</p> : <p>{inline([token])}</p>;
    case "code":
      return <CodeBlock text={(token as Tokens.Code).text} language={(token as Tokens.Code).lang ?? ""} />;
    case "list": {
      const { ordered, start, items, loose } = token as Tokens.List;
      const rows = items.map((item, at) => (
        <li key={at} className={loose ? "mb-2 last:mb-0" : undefined}>
          <Item item={item} context={context} depth={depth + 1} />
        </li>
      ));
      return ordered ? (
        <ol start={start === "" ? 1 : start} className="flex list-decimal flex-col gap-1 ps-6 marker:text-faint">
          {rows}
        </ol>
      ) : (
        <ul className="flex list-disc flex-col gap-1 ps-5 marker:text-faint">{rows}</ul>
      );
    }
    case "blockquote":
      return (
        <blockquote className="flex flex-col gap-2 border-s-2 border-line ps-3 text-muted">
          <Blocks tokens={token.tokens ?? []} context={context} depth={depth + 1} />
        </blockquote>
      );
    case "table":
      return <Table table={token as Tokens.Table} inline={inline} />;
    case "hr":
      return <hr className="border-line" />;
    default:
      return <p className="whitespace-pre-wrap">{visible(token.raw.trim())}</p>;
  }
}

/** What stands in a list: a line, and what belongs to it. */
function Item({ item, context, depth }: { item: Tokens.ListItem; context: Context; depth: number }) {
  if (depth > DEEPEST) return visible(item.raw.trim());
  return (
    <div className="flex flex-col gap-1">
      {item.tokens.map((token, at) =>
        token.type === "checkbox" ? null : (
          <Fragment key={at}>
            {token.type === "text" && item.task && at <= 1 ? (
              <p>
                <span aria-label={item.checked ? texts.taskDone : texts.taskOpen} role="img">
                  {item.checked ? "☑" : "☐"}
                </span>{" "}
                <Inlines tokens={token.tokens ?? [token]} context={context} depth={depth + 1} />
              </p>
            ) : (
              <Block token={token} context={context} depth={depth + 1} />
            )}
          </Fragment>
        ),
      )}
    </div>
  );
}

const ALIGN = { left: "text-start", right: "text-end", center: "text-center" } as const;

function Table({ table, inline }: { table: Tokens.Table; inline: (tokens: readonly Token[]) => ReactNode }) {
  const cell = ({ align, tokens }: Tokens.TableCell) => ({ className: `px-2.5 py-1.5 align-top ${ALIGN[align ?? "left"]}`, children: inline(tokens) });
  return (
    <div tabIndex={0} role="region" aria-label={texts.table} className="scroll-thin w-fit max-w-full overflow-x-auto rounded-card border border-line">
      <table className="w-max text-dense [overflow-wrap:normal]">
        <thead className="bg-subtle">
          <tr>
            {table.header.map((each, at) => (
              <th key={at} scope="col" {...cell(each)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={at} className="border-t border-line">
              {row.map((each, column) => (
                <td key={column} {...cell(each)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Inlines = ({ tokens, context, depth }: Level) => tokens.map((token, at) => <Inline key={at} token={token} context={context} depth={depth} />);

function Inline({ token, context, depth }: { token: Token; context: Context; depth: number }) {
  if (depth > 2 * DEEPEST) return visible(token.raw);
  const inner = <Inlines tokens={token.type !== "text" && "tokens" in token ? (token.tokens ?? []) : []} context={context} depth={depth + 1} />;
  switch (token.type) {
    case "text":
      return token.tokens ? <Inlines tokens={token.tokens} context={context} depth={depth + 1} /> : <Words text={plain(token.raw)} cite={context.cite} />;
    case "escape":
      return visible((token as Tokens.Escape).text);
    case "strong":
      return <strong className="font-semibold">{inner}</strong>;
    case "em":
      return <em>{inner}</em>;
    case "del":
      return <del>{inner}</del>;
    case "br":
      return <br />;
    case "codespan":
      return <Code text={(token as Tokens.Codespan).text} places={context.places} />;
    case "link": {
      const { href, raw, text } = token as Tokens.Link;
      if (isCitation(raw)) return context.cite(Number(text));
      const page = pageOf(href);
      return page ? <PageLink {...page}>{inner}</PageLink> : visible(plain(raw));
    }
    default:
      // Markup, and images: nothing of the web is fetched because a model names it.
      return visible(token.raw);
  }
}

function Words({ text, cite }: { text: string; cite: Context["cite"] }) {
  return pieces(text).map((piece, at) =>
    typeof piece === "string" ? (
      visible(piece)
    ) : (
      <Fragment key={at}>
        {piece.cites.map((number) => (
          <Fragment key={number}>{cite(number)}</Fragment>
        ))}
      </Fragment>
    ),
  );
}

function Code({ text, places }: { text: string; places: Context["places"] }) {
  const place = places && placeIn(text);
  if (place && places.paths.has(place.path)) return <PlaceLink repo={places.repo} span={place} />;
  return <code className="rounded-control bg-sunken px-1 py-px text-[0.92em]">{visible(text)}</code>;
}

/** A page elsewhere: it says whose it is, and opens in a tab of its own. */
function PageLink({ href, host, children }: { href: string; host: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer noopener nofollow" title={`${visible(href)} (${common.opensNewTab})`} className="text-accent underline underline-offset-2">
      {children}
      <span className="text-meta text-faint"> ({visible(host)})</span>
    </a>
  );
}
