import { useState } from "react";

import type { Graph } from "@/api/types";
import { visible } from "@/lib/visible";
import { architecture as texts } from "@/texts/architecture";
import { Button } from "@/ui/button";
import { PlaceLink } from "@/ui/place-link";
import { Cell, rowLook, Table } from "@/ui/table";

/** Files that are shown before somebody asks for others, and how many come then. */
const FIRST = 12;
const MORE = 100;

/** Files in which execution starts, and what says so. */
export default function Entries({ entries, repo }: { entries: Graph["entries"]; repo: string }) {
  const [shown, setShown] = useState(FIRST);
  const columns = texts.startColumns;
  return (
    <section>
      <h2 className="mb-2 mt-3 text-body font-semibold">{texts.starts}</h2>
      <Table label={texts.starts} columns={[{ title: columns.file }, { title: columns.as }, { title: columns.name, wide: true }, { title: columns.shownBy, wide: true }]}>
        {entries.slice(0, shown).map(({ path, kind, name, evidence }) => (
          <tr key={path} className={rowLook}>
            <Cell>
              <PlaceLink repo={repo} span={{ path, start: 0, end: 0 }} />
            </Cell>
            <Cell className="text-muted">{texts.startKinds[kind]}</Cell>
            <Cell wide className="text-muted [overflow-wrap:anywhere]">
              {visible(name ?? "")}
            </Cell>
            <Cell wide>
              <span className="flex flex-wrap gap-x-2">
                {evidence.map((span) => (
                  <PlaceLink key={`${span.path}:${span.start}`} repo={repo} span={span} />
                ))}
              </span>
            </Cell>
          </tr>
        ))}
      </Table>
      {entries.length > shown && (
        <Button look="ghost" onClick={() => setShown(shown + MORE)}>
          {texts.moreStarts(Math.min(MORE, entries.length - shown))}
        </Button>
      )}
    </section>
  );
}
