import { Box, Hash, Package, SquareFunction } from "lucide-react";

import type { Hotspot, SourceDefinition } from "@/api/types";
import { visible } from "@/lib/visible";
import { code as texts } from "@/texts/code";
import { menuItem, Popover } from "@/ui/popover";

const ICONS = { function: SquareFunction, type: Box, value: Hash, module: Package } as const;

/** Above it, a function is hard to follow. */
const HARD = 15;

interface Props {
  definitions: readonly SourceDefinition[];
  /** What the history says of the file's functions, where it is a hotspot. */
  hotspot: Hotspot | undefined;
  onChoose: (start: number, end: number) => void;
}

/** What a file defines, and how often its functions change. */
export function Definitions({ definitions, hotspot, onChoose }: Props) {
  return (
    <Popover
      label={texts.definitionsLabel}
      trigger={texts.definitions(definitions.length)}
      triggerClass="tap inline-flex items-center rounded-control px-2.5 text-dense font-medium text-muted hover:bg-sunken hover:text-text"
      className="w-96"
    >
      {(close) => (
        <ul className="scroll-thin max-h-[60dvh] overflow-y-auto p-1">
          {definitions.map(({ name, kind, start, end, cognitive }) => {
            const Icon = ICONS[kind];
            const changes = hotspot?.functions.find((each) => each.start === start);
            return (
              <li key={`${start}:${name}`}>
                <button
                  type="button"
                  className={`${menuItem} !items-start py-1`}
                  onClick={() => {
                    close();
                    onChoose(start, end);
                  }}
                >
                  <Icon size={14} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-faint" />
                  <span className="min-w-0 flex-1">
                    <code className="text-meta [overflow-wrap:anywhere]">{visible(name)}</code>
                    <span className="sr-only"> ({texts.kinds[kind]})</span>
                    {(changes !== undefined || (cognitive !== null && cognitive > HARD)) && (
                      <span className="block text-meta text-faint">
                        {[
                          cognitive !== null && cognitive > HARD ? texts.complexity(cognitive) : "",
                          changes ? texts.changed(changes.commits, changes.fixes) : "",
                        ]
                          .filter(Boolean)
                          .join(" · ")}
                      </span>
                    )}
                  </span>
                  <span className="shrink-0 text-meta text-faint">{start}</span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </Popover>
  );
}
