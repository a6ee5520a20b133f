import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { codeSearchQuery } from "@/api/search";
import { linesHash } from "@/lib/hash";
import { formatPlace } from "@/lib/format";
import { visible } from "@/lib/visible";
import { palette as texts } from "@/texts/palette";

import { Group, ID, Item } from "./palette-parts";

/** How long nothing is typed before names are looked up: each look-up reads the commit anew. */
const REST_MS = 150;

/** The definitions of the repository whose page is open, by their names; asked for only after a colon. */
export default function Symbols({ ws, repo, name, run }: { ws: string; repo: string; name: string; run: (command: () => unknown) => () => void }) {
  const navigate = useNavigate();
  const [wanted, setWanted] = useState(name);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(name), REST_MS);
    return () => clearTimeout(timer);
  }, [name]);
  // What was found for fewer letters stays until there is more.
  const found = useQuery({ ...codeSearchQuery(ws, repo, wanted, "symbol"), placeholderData: (old) => old }).data?.data.symbols ?? [];
  return (
    <Group name={texts.groups.symbols} kind="symbol">
      {found.map((symbol) => (
        <Item
          key={`${symbol.path}:${symbol.start} ${symbol.name}`}
          value={`${symbol.name}${ID}${symbol.path}:${symbol.start}`}
          onSelect={run(() =>
            navigate({ to: "/w/$ws/repos/$repo/code/$", params: { ws, repo, _splat: symbol.path }, hash: linesHash(symbol.start, symbol.end) }),
          )}
        >
          <code className="truncate">{visible(symbol.name)}</code>
          <span className="ms-auto shrink-0 truncate text-meta text-faint">{formatPlace(symbol)}</span>
        </Item>
      ))}
    </Group>
  );
}
