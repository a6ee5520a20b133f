import { Link, useNavigate } from "@tanstack/react-router";
import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";

import type { Blame, Finding, SourceLine, SourceLines } from "@/api/types";
import { linesHash } from "@/lib/hash";
import type { LineRange } from "@/lib/lines";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { cx } from "@/lib/cx";
import { useSlug } from "@/repo/slug";
import { code as texts } from "@/texts/code";
import { centre } from "@/ui/code";
import { SEVERITIES, SeverityIcon } from "@/ui/severity";
import { Tokens } from "@/ui/tokens";

import { BlameCard, type BlameLine, blameLines, type Shown } from "./blame";

/** Lines that are laid out together, when they come near. */
const BLOCK = 50;

interface Props {
  file: SourceLines;
  marked: LineRange | null;
  findings: readonly Finding[];
  blame: Blame | undefined;
  wrap: boolean;
  onSelect: (start: number, end: number) => void;
}

/** The lines of a file with their numbers, findings and, where wanted, the commits they come from. */
export function Lines({ file, marked, findings, blame, wrap, onSelect }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const repo = useSlug();
  const [card, setCard] = useState<Shown | null>(null);
  const { lines } = file;
  const first = lines[0]?.number ?? 1;
  const blocks = useMemo(() => {
    const all: SourceLine[][] = [];
    for (let at = 0; at < lines.length; at += BLOCK) all.push(lines.slice(at, at + BLOCK));
    return all;
  }, [lines]);
  const places = useMemo(() => {
    const byLine = new Map<number, Finding[]>();
    for (const finding of findings) byLine.set(finding.span.start, [...(byLine.get(finding.span.start) ?? []), finding]);
    return byLine;
  }, [findings]);
  const origins = useMemo(() => (blame ? blameLines(blame) : null), [blame]);

  // A line that the address names is brought into sight, unless it is there already.
  const start = marked?.start ?? 0;
  useEffect(() => {
    const line = box.current?.querySelector<HTMLElement>(`[data-line="${start}"]`);
    const frame = box.current?.getBoundingClientRect();
    if (!line || !frame) return;
    const at = line.getBoundingClientRect();
    const bottom = Math.min(frame.bottom, innerHeight);
    if (at.top < frame.top + 8 || at.bottom > bottom - 8) centre(line);
  }, [start, lines]);

  const choose = (event: MouseEvent<HTMLElement> | KeyboardEvent<HTMLElement>) => {
    const origin = (event.target as HTMLElement).closest<HTMLElement>("[data-origin]");
    const id = origin && blame?.commits[Number(origin.dataset["origin"])]?.id;
    if (id) {
      setCard(null);
      void navigate({ to: ".", search: (search) => ({ ...search, peek: peekText({ kind: "commit", repo, id }) }), hash: true, resetScroll: false });
      return;
    }
    const link = (event.target as HTMLElement).closest<HTMLElement>("[data-number]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const number = Number(link.dataset["number"]);
    if (event.shiftKey && marked) onSelect(Math.min(marked.start, number), Math.max(marked.start, number));
    else onSelect(number, number);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const element = event.target as HTMLElement;
    const kind = ["[data-number]", "[data-origin]"].find((each) => element.matches(each));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && card) {
      event.stopPropagation();
      event.preventDefault();
      setCard(null);
      return;
    }
    if (!kind || !step) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...(box.current?.querySelectorAll<HTMLElement>(kind) ?? [])];
    all[all.indexOf(element) + step]?.focus();
  };
  const show = (event: { target: EventTarget }) => {
    const origin = (event.target as HTMLElement).closest<HTMLElement>("[data-origin]");
    if (!origin) return setCard(null);
    const commit = Number(origin.dataset["origin"]);
    const { left, bottom, top } = origin.getBoundingClientRect();
    setCard({ commit, left, bottom, top });
  };

  const reachable = marked && marked.start >= first && marked.start <= file.end ? marked.start : first;
  return (
    <>
      <div
        ref={box}
        role="region"
        aria-label={texts.source(file.path)}
        tabIndex={0}
        data-blame={origins !== null}
        data-testid="source"
        className={cx("code-page scroll-thin min-h-0 flex-1 overflow-auto py-2", wrap && "code-wrap")}
        onClick={choose}
        onKeyDown={onKeyDown}
        onMouseOver={origins ? show : undefined}
        onMouseLeave={origins ? () => setCard(null) : undefined}
        onFocus={origins ? show : undefined}
        onBlur={origins ? () => setCard(null) : undefined}
        onScroll={card ? () => setCard(null) : undefined}
      >
        <div className={wrap ? "" : "w-max min-w-full"}>
          {blocks.map((block) => {
            const [from, to] = [block[0]?.number ?? 0, block.at(-1)?.number ?? 0];
            const inside = marked && marked.start <= to && marked.end >= from;
            return (
              <Block
                key={from}
                lines={block}
                markStart={inside ? Math.max(marked.start, from) : 0}
                markEnd={inside ? Math.min(marked.end, to) : 0}
                places={places}
                origins={origins}
                reachable={reachable >= from && reachable <= to ? reachable : 0}
                first={first}
              />
            );
          })}
        </div>
      </div>
      {card && blame && <BlameCard shown={card} blame={blame} />}
    </>
  );
}

interface BlockProps {
  lines: readonly SourceLine[];
  /** The marked lines among them; 0 marks none. */
  markStart: number;
  markEnd: number;
  places: ReadonlyMap<number, readonly Finding[]>;
  origins: ReadonlyMap<number, BlameLine> | null;
  /** The line whose number the Tab key reaches; 0 where it is in another block. */
  reachable: number;
  /** The first line that is shown at all. */
  first: number;
}

const Block = memo(function Block({ lines, markStart, markEnd, places, origins, reachable, first }: BlockProps) {
  return (
    <div className="code-block">
      {lines.map(({ number, text, tokens, cut }) => {
        const inside = number >= markStart && number <= markEnd;
        const origin = origins?.get(number);
        const here = places.get(number);
        return (
          <div key={number} className="code-line" data-line={number} data-marked={inside}>
            {origins && <Origin origin={origin} lead={origin?.lead === true || number === first} reachable={number === first} />}
            <span className="flex justify-center">{here && <FindingMark findings={here} number={number} />}</span>
            <a
              href={`#${linesHash(number)}`}
              data-number={number}
              tabIndex={number === reachable ? 0 : -1}
              aria-label={texts.line(number)}
              aria-current={inside || undefined}
              className="code-number hover:text-text aria-[current]:text-text"
            >
              {number}
            </a>
            <span className="code-text">
              {inside ? <mark className="bg-transparent text-inherit"><Tokens text={text} tokens={tokens} /></mark> : <Tokens text={text} tokens={tokens} />}
              {cut && <span className="text-faint"> {texts.cut}</span>}
            </span>
          </div>
        );
      })}
    </div>
  );
});

/** Where a line comes from: in words where its stretch begins, as a strip on all of it. */
function Origin({ origin, lead, reachable }: { origin: BlameLine | undefined; lead: boolean; reachable: boolean }) {
  if (!origin) return <span />;
  const strip = cx("age min-w-0 ps-2.5 pe-2", `age-${origin.step}`);
  if (!lead) return <span className={strip} />;
  if (origin.commit === null) return <span className={cx(strip, "truncate text-faint")}>{texts.older}</span>;
  return (
    <button
      type="button"
      data-origin={origin.commit}
      tabIndex={reachable ? 0 : -1}
      aria-label={texts.blameOf(visible(origin.author), visible(origin.subject))}
      className={cx(strip, "flex gap-2 truncate text-start font-sans text-meta leading-5 text-muted hover:text-text")}
    >
      <span className="min-w-0 flex-1 truncate">{visible(origin.author)}</span>
      <span className="hidden shrink-0 text-faint sm:inline">{origin.age}</span>
    </button>
  );
}

/** The findings that begin on a line: opens the worst of them. */
function FindingMark({ findings, number }: { findings: readonly Finding[]; number: number }) {
  const rank = (finding: Finding) => SEVERITIES.indexOf(finding.severity);
  const worst = [...findings].sort((a, b) => rank(a) - rank(b))[0];
  if (!worst) return null;
  return (
    <Link
      to="."
      search={(search) => ({ ...search, peek: peekText({ kind: "finding", id: worst.id }) })}
      hash={true}
      resetScroll={false}
      aria-label={`${texts.lineFindings(number, findings.length)}. ${visible(worst.message)}`}
      title={visible(worst.message)}
      className="inline-flex h-5 w-5 items-center justify-center rounded-control hover:bg-sunken"
    >
      <SeverityIcon severity={worst.severity} />
    </Link>
  );
}
