import { Link } from "@tanstack/react-router";
import { BookmarkPlus } from "lucide-react";
import { useState } from "react";

import { mayRemember } from "@/api/memories";
import type { Memory, NewMemory } from "@/api/types";
import { useSession } from "@/api/workspace";
import { peekText } from "@/lib/peek";
import { memory, rememberThis as texts } from "@/texts/memory";
import { Button, IconButton } from "@/ui/button";

import { write } from "./writing";

interface Props {
  /** What the memory begins with. */
  of: () => NewMemory;
  look?: "secondary" | "ghost";
  /** Only its icon: where there is no room for words. */
  small?: boolean;
}

/** Saves what is on the screen as a memory, in the reader's own words; afterwards the way to it. */
export function Remember({ of, look = "secondary", small = false }: Props) {
  const session = useSession();
  const [made, setMade] = useState<Memory>();
  if (!mayRemember(session)) return null;
  const ask = () => write({ workspace: session.workspace.slug, draft: of(), onSaved: setMade, onUndone: () => setMade(undefined) });
  return made && made.version > 0 && !small ? (
    <Link
      to="/w/$ws/memory"
      params={{ ws: session.workspace.slug }}
      search={{ peek: peekText({ kind: "memory", id: made.id }) }}
      className="tap inline-flex w-fit items-center gap-1.5 rounded-control bg-ok-bg px-2.5 text-dense font-medium text-ok hover:underline"
    >
      <BookmarkPlus size={14} aria-hidden />
      {texts.done}
      <span className="sr-only">: {memory.title}</span>
    </Link>
  ) : small ? (
    <IconButton icon={BookmarkPlus} label={texts.action} onClick={ask} />
  ) : (
    <Button look={look} icon={BookmarkPlus} onClick={ask}>
      {texts.action}
    </Button>
  );
}
