import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { File, Folder as FolderIcon, FolderSymlink, Link2 } from "lucide-react";

import { folderQuery, linesQuery, type At } from "@/api/code";
import { useWorkspace } from "@/api/workspace";
import { formatBytes } from "@/lib/format";
import { visible } from "@/lib/visible";
import { code as texts } from "@/texts/code";
import { CodeLines } from "@/ui/code";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";

import { Trail } from "./trail";

const ICONS = { folder: FolderIcon, file: File, link: Link2, submodule: FolderSymlink } as const;

/** What is in a folder, and its README as text. */
export function Folder({ repo, commit, path }: { repo: string; commit: At; path: string }) {
  const ws = useParams({ strict: false }).ws ?? "";
  const query = useQuery(folderQuery(useWorkspace(), repo, commit, path));
  return (
    <section aria-label={texts.folder} className="overflow-hidden rounded-card border border-line">
      <header className="flex min-h-10 items-center gap-2 border-b border-line bg-subtle px-3">
        <Trail repo={repo} path={path} />
      </header>
      <Loaded query={query} what={texts.folderWhat} skeleton={<div className="p-3"><SkeletonRows rows={10} height="h-5" /></div>}>
        {({ data }) => {
          const readme = data.entries.find((entry) => entry.kind === "file" && /^readme(\.(md|markdown|rst|txt))?$/i.test(entry.name));
          return (
            <>
              {data.entries.length === 0 ? (
                <div className="p-3"><Empty>{texts.emptyFolder}</Empty></div>
              ) : (
                <ul className="divide-y divide-line">
                  {data.entries.map((entry) => {
                    const Icon = ICONS[entry.kind];
                    return (
                      <li key={entry.path}>
                        <Link
                          to="/w/$ws/repos/$repo/code/$"
                          params={{ ws, repo, _splat: entry.path }}
                          search={(search) => (search.commit ? { commit: search.commit } : {})}
                          className="tap flex items-center gap-2 px-3 text-dense hover:bg-subtle"
                        >
                          <Icon size={14} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />
                          <span className="min-w-0 flex-1 truncate">{visible(entry.name)}</span>
                          {entry.kind !== "file" && <span className="text-meta text-faint">{texts[entry.kind]}</span>}
                          {entry.bytes !== null && <span className="shrink-0 text-meta text-faint">{formatBytes(entry.bytes)}</span>}
                        </Link>
                      </li>
                    );
                  })}
                </ul>
              )}
              {data.truncated && <p className="border-t border-line px-3 py-2 text-meta text-faint">{texts.moreEntries}</p>}
              {readme && <Readme repo={repo} commit={commit} path={readme.path} />}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function Readme({ repo, commit, path }: { repo: string; commit: At; path: string }) {
  const query = useQuery(linesQuery(useWorkspace(), repo, commit, path, 1, 400));
  return (
    <div className="border-t border-line">
      <h2 className="flex items-baseline gap-2 bg-subtle px-3 py-2 text-dense font-semibold">
        {visible(path.slice(path.lastIndexOf("/") + 1))} <span className="text-meta font-normal text-faint">{texts.markdownAsText}</span>
      </h2>
      <Loaded query={query} what={texts.what} skeleton={<div className="p-3"><SkeletonRows rows={10} height="h-4" /></div>}>
        {({ data }) => (
          <div className="code-wrap">
            <CodeLines lines={data.lines} start={0} end={0} label={texts.source(path)} />
          </div>
        )}
      </Loaded>
    </div>
  );
}
