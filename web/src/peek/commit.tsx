import { useQuery } from "@tanstack/react-query";

import { commitQuery } from "@/api/code";
import type { ChangedFile, CommitChanges } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatMoment, shortCommit } from "@/lib/format";
import { visible } from "@/lib/visible";
import { commit as texts } from "@/texts/commit";
import { CommitLink } from "@/ui/commit-link";
import { CopyButton } from "@/ui/copy";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PathText } from "@/ui/path-text";
import { PlaceLink } from "@/ui/place-link";
import { Section } from "@/ui/section";
import { Tag } from "@/ui/tag";

import { Peek } from "./peek";

/** One commit beside the page: who wrote it, what it says of itself, and which files it changed. */
export default function CommitPeek({ repo, id }: { repo: string; id: string }) {
  const query = useQuery(commitQuery(useWorkspace(), repo, id));
  return (
    <Peek
      label={texts.open(shortCommit(id))}
      title={
        <h2 className="truncate font-mono text-dense font-semibold" title={id}>
          {shortCommit(id)}
        </h2>
      }
      actions={<CopyButton text={id} label={texts.copy} />}
    >
      <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={8} />}>
        {({ data }) => <Shown repo={repo} commit={data} />}
      </Loaded>
    </Peek>
  );
}

function Shown({ repo, commit }: { repo: string; commit: CommitChanges }) {
  const { files, files_total, parents } = commit;
  return (
    <div className="flex flex-col gap-5 p-4 text-dense">
      <div>
        <p className="text-body font-semibold [overflow-wrap:anywhere]">{visible(commit.subject)}</p>
        <p className="text-muted [overflow-wrap:anywhere]">
          {texts.written(visible(commit.author))} · {formatMoment(commit.authored)}
          {commit.committed !== commit.authored && ` · ${texts.committed(formatMoment(commit.committed))}`}
        </p>
        {commit.edge && <p className="mt-1 text-muted">{texts.edge}</p>}
        {parents.length > 1 && <p className="mt-1 text-muted">{texts.merge(parents.length)}</p>}
      </div>
      <Section title={files_total === 0 ? texts.none : texts.files(files_total, commit.more)}>
        <ul className="flex flex-col">
          {files.map((file) => (
            <FileRow key={file.path} repo={repo} file={file} />
          ))}
        </ul>
        {files.length < files_total && <p className="mt-1 text-meta text-faint">{texts.listed(files.length, files_total)}</p>}
      </Section>
      {parents.length > 0 && (
        <Section title={texts.parents}>
          <p className="flex flex-wrap gap-x-3">
            {parents.map((parent) => (
              <CommitLink key={parent} repo={repo} id={parent} />
            ))}
          </p>
        </Section>
      )}
    </div>
  );
}

function FileRow({ repo, file }: { repo: string; file: ChangedFile }) {
  const compared = file.added + file.removed > 0;
  return (
    <li className="flex items-baseline justify-between gap-3 border-b border-line py-0.5 last:border-b-0">
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        {file.fate === "removed" ? (
          <span className="min-w-0 font-mono text-meta leading-6 text-muted [overflow-wrap:anywhere]">
            <PathText path={file.path} />
          </span>
        ) : (
          <PlaceLink repo={repo} span={{ path: file.path, start: 0, end: 0 }} className="min-w-0 !whitespace-normal [overflow-wrap:anywhere]" />
        )}
        {texts.fates[file.fate] && <Tag>{texts.fates[file.fate]}</Tag>}
      </span>
      {compared ? (
        <span className="shrink-0 font-mono text-meta tabular-nums" aria-label={texts.told(file.added, file.removed)}>
          <span className="text-ok">{texts.added(file.added)}</span> <span className="text-critical">{texts.removed(file.removed)}</span>
        </span>
      ) : (
        file.fate === "changed" && <span className="shrink-0 text-meta text-faint">{texts.notCompared}</span>
      )}
    </li>
  );
}
