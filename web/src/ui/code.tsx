import { useEffect, useRef } from "react";

import { Tokens } from "./tokens";

interface Props {
  lines: readonly { number: number; text: string; tokens: readonly number[] }[];
  /** The marked lines, from 1, both included; 0 marks none. */
  start: number;
  end: number;
  label: string;
}

/**
 * Brings a line to the middle of the box that scrolls it, and moves nothing else: `scrollIntoView` also scrolls boxes
 * that hide their overflow, and with them the page.
 */
export function centre(line: HTMLElement) {
  let box = line.parentElement;
  while (box && (box.scrollHeight <= box.clientHeight || !/auto|scroll/.test(getComputedStyle(box).overflowY))) {
    box = box.parentElement;
  }
  if (!box) return;
  const offset = line.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop += offset - box.clientHeight / 2;
}

/** Lines of a file as text, with some of them marked. */
export function CodeLines({ lines, start, end, label }: Props) {
  const marked = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (marked.current) centre(marked.current);
  }, [lines]);
  return (
    <div role="region" aria-label={label} tabIndex={0} className="scroll-thin overflow-x-auto py-2">
      <div className="w-max min-w-full" data-testid="source">
        {lines.map(({ number, text, tokens }) => {
          const inside = start > 0 && number >= start && number <= end;
          return (
            <div key={number} ref={number === start ? marked : undefined} className="code-line" data-marked={inside}>
              <span className="code-number">{number}</span>
              <span className="code-text">
                {inside ? <mark className="bg-transparent text-inherit"><Tokens text={text} tokens={tokens} /></mark> : <Tokens text={text} tokens={tokens} />}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
