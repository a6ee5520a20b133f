import { useEffect, useRef } from "react";

import { visible } from "@/lib/format";

interface Props {
  lines: readonly { number: number; text: string }[];
  /** The marked lines, from 1, both included; 0 marks none. */
  start: number;
  end: number;
  label: string;
}

/** Lines of a file as text, with some of them marked. */
export function CodeLines({ lines, start, end, label }: Props) {
  const marked = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // In braces: newer browsers return a promise here, which React would take for a clean-up function.
    marked.current?.scrollIntoView({ block: "center" });
  }, [lines]);
  return (
    <div role="region" aria-label={label} tabIndex={0} className="scroll-thin overflow-x-auto py-2">
      <div className="w-max min-w-full" data-testid="source">
        {lines.map(({ number, text }) => {
          const inside = start > 0 && number >= start && number <= end;
          return (
            <div key={number} ref={number === start ? marked : undefined} className="code-line" data-marked={inside}>
              <span className="code-number">{number}</span>
              <span className="code-text">{inside ? <mark className="bg-transparent text-inherit">{visible(text)}</mark> : visible(text)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
