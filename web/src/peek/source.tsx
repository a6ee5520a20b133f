import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";

import { sourceQuery } from "@/api/report";
import { useWorkspace } from "@/api/workspace";
import { formatPlace, shortCommit } from "@/lib/format";
import { visible } from "@/lib/visible";
import { parsePeek } from "@/lib/peek";
import { source as texts } from "@/texts/source";
import { CodeLines } from "@/ui/code";
import { CopyButton } from "@/ui/copy";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";

import { Peek } from "./peek";

/** Lines shown before and after the marked ones. */
const AROUND = 30;

/** The source behind an evidence link, with its lines marked. */
export default function SourcePeek() {
  const { peek } = useSearch({ strict: false });
  const target = parsePeek(peek);
  if (target?.kind !== "source") return null;
  return <SourcePanel key={peek} {...target} />;
}

function SourcePanel({ repo, path, start, end }: { repo: string; path: string; start: number; end: number }) {
  const first = Math.max(1, start - AROUND);
  const last = start === 0 ? 2 * AROUND : end + AROUND;
  const query = useQuery(sourceQuery(useWorkspace(), repo, path, first, last));
  const name = visible(path.slice(path.lastIndexOf("/") + 1));
  return (
    <Peek
      label={texts.label(path)}
      title={
        <>
          <h2 className="truncate text-dense font-semibold">{name}</h2>
          <p className="truncate font-mono text-meta text-faint" title={visible(path)}>
            {formatPlace({ path, start, end })}
            {query.data && ` @ ${shortCommit(query.data.data.commit)}`}
          </p>
        </>
      }
      actions={<CopyButton text={formatPlace({ path, start, end })} label={texts.copyPlace} />}
    >
      <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={20} height="h-4" />}>
        {({ data, meta }) => (
          <>
            {(data.truncated || meta.partial.length > 0) && (
              <div className="p-3">
                <PartialTag reasons={meta.partial.length > 0 ? meta.partial : [texts.truncated]} />
              </div>
            )}
            {data.lines.length === 0 ? (
              <p className="p-4 text-dense text-muted">{texts.empty}</p>
            ) : (
              <CodeLines lines={data.lines} start={start} end={end} label={texts.label(path)} />
            )}
          </>
        )}
      </Loaded>
    </Peek>
  );
}
