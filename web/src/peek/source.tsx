import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Maximize2 } from "lucide-react";
import { Suspense } from "react";

import { linesQuery } from "@/api/code";
import { useWorkspace } from "@/api/workspace";
import { formatPlace, shortCommit } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { linesHash } from "@/lib/hash";
import { visible } from "@/lib/visible";
import { part } from "@/lib/part";
import { parsePeek } from "@/lib/peek";
import { code } from "@/texts/code";
import { source as texts } from "@/texts/source";
import { CodeLines } from "@/ui/code";
import { CopyButton } from "@/ui/copy";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";

import { Peek } from "./peek";

const CommitPeek = part(() => import("./commit"));

/** Lines shown before and after the marked ones. */
const AROUND = 30;

/** What an evidence link leads to: the source with its lines marked, or a commit. */
export default function SourcePeek() {
  const { peek } = useSearch({ strict: false });
  const target = parsePeek(peek);
  if (target?.kind === "commit") {
    return (
      <Suspense>
        <CommitPeek key={peek} {...target} />
      </Suspense>
    );
  }
  if (target?.kind !== "source") return null;
  return <SourcePanel key={peek} {...target} />;
}

function SourcePanel({ repo, path, start, end }: { repo: string; path: string; start: number; end: number }) {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const first = Math.max(1, start - AROUND);
  const last = start === 0 ? 2 * AROUND : end + AROUND;
  const query = useQuery(linesQuery(ws, repo, undefined, path, first, last));
  const name = visible(path.slice(path.lastIndexOf("/") + 1));
  const page = { to: "/w/$ws/repos/$repo/code/$", params: { ws, repo, _splat: path }, hash: linesHash(start, end) } as const;
  useKeys({ o: () => void navigate(page) });
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
      actions={
        <>
          <CopyButton text={formatPlace({ path, start, end })} label={texts.copyPlace} />
          <Link
            {...page}
            aria-label={code.openPage}
            title={code.openPage}
            className="tap inline-flex w-7 shrink-0 items-center justify-center rounded-control text-muted transition-colors hover:bg-sunken hover:text-text pointer-coarse:w-11"
          >
            <Maximize2 size={16} strokeWidth={1.75} aria-hidden />
          </Link>
        </>
      }
    >
      <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={20} height="h-4" />}>
        {({ data, meta }) => (
          <>
            {(data.truncated || meta.partial.length > 0) && (
              <div className="p-3">
                <PartialTag reasons={meta.partial.length > 0 ? meta.partial : [texts.truncated]} />
              </div>
            )}
            {data.form !== "text" ? (
              <p className="p-4 text-dense text-muted">{code.described(data.form, visible(data.target ?? ""))}</p>
            ) : data.lines.length === 0 ? (
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
