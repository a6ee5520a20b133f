import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { memoriesQuery } from "@/api/memories";
import { membersQuery } from "@/api/people";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { palette as texts } from "@/texts/palette";

import { Group, ID, Item } from "./palette-parts";

/** The people of the workspace and what was learned in it: asked for when something is typed, because few look for them. */
export default function Found({ ws, run }: { ws: string; run: (command: () => unknown) => () => void }) {
  const navigate = useNavigate();
  const people = useQuery(membersQuery(ws)).data?.data ?? [];
  const [memories] = useInfiniteQuery(memoriesQuery(ws, {})).data?.pages ?? [];
  return (
    <>
      <Group name={texts.groups.people} kind="person">
        {people.map(({ person }) => (
          <Item key={person.id} value={`${person.name} ${person.handle}`} onSelect={run(() => navigate({ to: "/w/$ws/settings/$page", params: { ws, page: "team" } }))}>
            <span className="truncate">{visible(person.name)}</span>
            <span className="truncate text-meta text-faint">@{visible(person.handle)}</span>
          </Item>
        ))}
      </Group>
      <Group name={texts.groups.memories}>
        {memories?.items.map((memory) => (
          <Item
            key={memory.id}
            // Two may have the same title and tags, and the palette knows an entry by its value alone.
            value={`${[memory.title, ...memory.tags].join(" ")}${ID}${memory.id}`}
            onSelect={run(() => navigate({ to: "/w/$ws/memory", params: { ws }, search: { peek: peekText({ kind: "memory", id: memory.id }) } as object }))}
          >
            <span className="truncate">{visible(memory.title)}</span>
          </Item>
        ))}
      </Group>
    </>
  );
}
