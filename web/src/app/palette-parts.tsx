import { Command, defaultFilter } from "cmdk";
import { createContext, useContext, type ReactNode } from "react";

import { Kbd } from "@/ui/kbd";

/** What a first letter narrows the palette to. */
const KINDS = { ">": "action", "#": "task", "@": "person", ":": "symbol" } as const;

type Kind = (typeof KINDS)[keyof typeof KINDS];

const KindOf = createContext<Kind | undefined>(undefined);

/** What is offered whatever is typed, after all that is called so. */
export const LAST_RESORTS = ["look in memory", "search the findings", "search the code"] as const;
const LEAST = 1e-9;

/** Before the id at the end of a value, where two things may be called the same: nobody looks for it. */
export const ID = "\u001f";

/** What was typed: which kind its first letter names, if it does, and the rest. */
export function readTyped(text: string): { kind: Kind | undefined; rest: string } {
  const typed = text.trimStart();
  const kind = Object.entries(KINDS).find(([letter]) => typed.startsWith(letter))?.[1];
  return { kind, rest: (kind ? typed.slice(1) : typed).trim() };
}

/** How well a thing of these kinds fits what was typed, from 0 to 1. */
export function fits(value: string, typed: string, kinds: readonly string[] = []): number {
  const { kind, rest } = readTyped(typed);
  if (kind && !kinds.includes(kind)) return 0;
  if ((LAST_RESORTS as readonly string[]).includes(value)) return LEAST;
  return rest === "" ? 1 : defaultFilter(value.split(ID)[0] ?? "", rest);
}

/** Things of one kind. */
export function Group({ name, kind, children }: { name: string; kind?: Kind; children: ReactNode }) {
  return (
    <KindOf value={kind}>
      <Command.Group
        heading={name}
        className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
      >
        {children}
      </Command.Group>
    </KindOf>
  );
}

/** One thing that can be chosen. */
export function Item({ keys, value, onSelect, children }: { keys?: string; value?: string; onSelect: () => void; children: ReactNode }) {
  const kind = useContext(KindOf);
  return (
    <Command.Item
      {...(kind === undefined ? {} : { keywords: [kind] })}
      {...(value === undefined ? {} : { value })}
      onSelect={onSelect}
      className="flex min-h-9 cursor-default items-center gap-2 rounded-control px-2.5 text-dense data-[selected=true]:bg-sunken pointer-coarse:min-h-11"
    >
      {children}
      {keys && (
        <span className="ms-auto flex gap-1 pointer-coarse:hidden">
          {keys.split(" ").map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  );
}
