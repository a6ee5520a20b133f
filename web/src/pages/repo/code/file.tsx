import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { History, Link2, WrapText } from "lucide-react";
import { Suspense, useCallback, useEffect, useMemo, useState } from "react";

import { blameQuery, linesQuery, type At } from "@/api/code";
import { repoQuery } from "@/api/queries";
import { findingsQuery, hotspotsQuery } from "@/api/report";
import type { SourceLines } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { ofPlace } from "@/chat/attachments";
import { formatCount } from "@/lib/count";
import { formatBytes, formatPlace, shortCommit } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { linesHash } from "@/lib/hash";
import { parseLines, windowOf, WINDOW } from "@/lib/lines";
import { part } from "@/lib/part";
import { parsePeek } from "@/lib/peek";
import { readSetting, writeSetting } from "@/lib/storage";
import { visible } from "@/lib/visible";
import { ofLines } from "@/memory/draft";
import { code as texts } from "@/texts/code";
import { Button, IconButton } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";

import { Ages } from "./blame";
import { Definitions } from "./definitions";
import { Lines } from "./lines";
import { Trail } from "./trail";
import { choicesFor } from "../findings/choices";
import type { Choice } from "../findings/suppress-dialog";

const Remember = part(() => import("@/memory/remember").then((module) => ({ default: module.Remember })));
const AskAbout = part(() => import("@/chat/ask-about"));
const FindingPeek = part(() => import("../findings/peek"));
const SuppressDialog = part(() => import("../findings/suppress-dialog"));

/** Whatever is found in a file, wherever it lies and whenever it came: a page of one file has no other word about the rest. */
const ALL = { code: "all", baseline: "show" };

interface Props {
  repo: string;
  commit: At;
  path: string;
}

/** A whole file, with what is known of its lines. */
export function File({ repo, commit, path }: Props) {
  const hash = useLocation({ select: (location) => location.hash });
  const marked = useMemo(() => parseLines(hash), [hash]);
  const { start, end } = windowOf(marked?.start ?? 1);
  const query = useQuery({ ...linesQuery(useWorkspace(), repo, commit, path, start, end), placeholderData: keepPreviousData });
  const skeleton = (
    <div className="p-3">
      <SkeletonRows rows={24} height="h-4" />
    </div>
  );
  return (
    <section aria-label={texts.source(path)} className="flex min-h-0 flex-col overflow-clip rounded-card border border-line sm:max-h-[max(28rem,calc(100dvh-184px))]">
      <Loaded query={query} what={texts.what} skeleton={skeleton}>
        {({ data }) => <Shown repo={repo} commit={commit} file={data} marked={marked} />}
      </Loaded>
    </section>
  );
}

interface ShownProps {
  repo: string;
  commit: At;
  file: SourceLines;
  marked: { start: number; end: number } | null;
}

function Shown({ repo, commit, file, marked }: ShownProps) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const { blame: asked, peek } = useSearch({ strict: false }) as { blame?: unknown; peek?: string };
  const blamed = asked === true;
  const [wrap, setWrap] = useState(() => (readSetting("code-wrap") ?? (innerWidth < 640 ? "on" : "off")) === "on");
  const text = file.form === "text";
  const blame = useQuery({ ...blameQuery(workspace, repo, commit, file.path), enabled: text && blamed });
  // What an older commit had is no finding of this one.
  const found = useInfiniteQuery({ ...findingsQuery(workspace, repo, { path: file.path, ...ALL }), enabled: commit === undefined });
  const { hasNextPage, isFetching, isError, fetchNextPage } = found;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const hotspots = useQuery({ ...hotspotsQuery(workspace, repo), enabled: commit === undefined });
  const findings = useMemo(
    () => (found.data?.pages ?? []).flatMap((page) => page.items).filter((finding) => finding.span.path === file.path),
    [found.data, file.path],
  );
  const known = useQuery(repoQuery(workspace, repo)).data?.data;
  const target = parsePeek(peek);
  const finding = target?.kind === "finding" ? findings.find((each) => each.id === target.id) : undefined;
  const page = finding && found.data?.pages.find((each) => each.items.includes(finding));
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const hotspot = hotspots.data?.items.find((each) => each.path === file.path);

  const toggleBlame = () =>
    void navigate({
      to: ".",
      search: ({ blame: shown, ...rest }) => (shown ? rest : { ...rest, blame: true as const }),
      hash: true,
      replace: true,
      resetScroll: false,
    });
  const select = useCallback(
    (start: number, end: number) =>
      void navigate({ to: ".", search: true, hash: linesHash(start, end), replace: true, resetScroll: false, hashScrollIntoView: false }),
    [navigate],
  );
  const copyLink = () => {
    const url = new URL(location.href);
    url.searchParams.set("commit", file.commit);
    url.searchParams.delete("peek");
    void navigator.clipboard.writeText(url.href).then(() => toast(texts.linkCopied));
  };
  useKeys(text ? { b: toggleBlame, y: copyLink } : { y: copyLink });

  const facts = [file.language ?? "", text ? texts.lines(file.total_lines) : "", formatBytes(file.bytes), shortCommit(file.commit)];
  return (
    <>
      <header className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-subtle py-1 ps-3 pe-1.5">
        <div className="flex min-w-0 flex-1 basis-72 items-center gap-1">
          <Trail repo={repo} path={file.path} />
          <CopyButton text={formatPlace({ path: file.path, start: marked?.start ?? 0, end: marked?.end ?? 0 })} label={texts.copyPath} />
        </div>
        <p className="text-meta text-faint">{facts.filter(Boolean).join(" · ")}</p>
        <div className="flex flex-wrap items-center gap-1">
          {file.definitions.length > 0 && <Definitions definitions={file.definitions} hotspot={hotspot} onChoose={select} />}
          {text && file.lines.length > 0 && (
            <>
              <Button look={blamed ? "secondary" : "ghost"} icon={History} aria-pressed={blamed} title={texts.blameHint} busy={blamed && blame.isFetching} onClick={toggleBlame}>
                {texts.blame}
              </Button>
              {marked && known && (
                <Suspense>
                  <Remember key={`${marked.start}-${marked.end}`} small of={() => ofLines({ path: file.path, ...marked }, { id: known.id, commit: file.commit })} />
                  <AskAbout small about={() => ofPlace({ path: file.path, ...marked })} repo={known.id} />
                </Suspense>
              )}
              <IconButton
                icon={WrapText}
                label={texts.wrap}
                aria-pressed={wrap}
                className={wrap ? "bg-sunken !text-text" : ""}
                onClick={() => {
                  writeSetting("code-wrap", wrap ? "off" : "on");
                  setWrap(!wrap);
                }}
              />
            </>
          )}
          <IconButton icon={Link2} label={texts.copyLink} onClick={copyLink} />
        </div>
      </header>
      {blamed && blame.error && (
        <div className="p-3">
          <Problem error={blame.error} what={texts.blameWhat} onRetry={() => void blame.refetch()} />
        </div>
      )}
      {blamed && blame.data && blame.data.data.form === "text" && (
        <div className="flex shrink-0 flex-wrap items-center gap-3 border-b border-line px-3 py-1.5">
          <Ages />
          <PartialTag reasons={blame.data.meta.partial} />
        </div>
      )}
      {blamed && text && blame.data && blame.data.data.form !== "text" && <p className="border-b border-line px-3 py-2 text-dense text-muted">{texts.noBlame}</p>}
      {!text ? (
        <div className="p-3">
          <Empty>{texts.described(file.form, visible(file.target ?? ""))}</Empty>
        </div>
      ) : file.total_lines === 0 ? (
        <div className="p-3">
          <Empty>{texts.emptyFile}</Empty>
        </div>
      ) : file.lines.length === 0 ? (
        <div className="p-3">
          <Empty>{texts.pastEnd}</Empty>
        </div>
      ) : (
        <Lines
          file={file}
          marked={marked}
          findings={findings}
          blame={blamed && blame.data?.data.form === "text" ? blame.data.data : undefined}
          wrap={wrap}
          onSelect={select}
        />
      )}
      {file.total_lines > WINDOW && <Windows file={file} onChoose={select} />}
      <Suspense>
        {target?.kind === "finding" && (
          <FindingPeek
            finding={finding}
            rule={finding && page?.rules[finding.rule]}
            repo={repo}
            said={finding && page?.verdicts[finding.rule]}
            decision={finding?.suppressed ? page?.suppressions[finding.suppressed.id] : undefined}
            onSuppress={finding && page?.can.triage ? () => setChoices(choicesFor([finding], findings)) : undefined}
          />
        )}
        {choices.length > 0 && (
          <SuppressDialog
            repo={repo}
            choices={choices}
            onDone={() => {
              setChoices([]);
              void navigate({ to: ".", search: ({ peek: _peek, ...rest }) => rest, hash: true, replace: true, resetScroll: false });
            }}
            onClose={() => setChoices([])}
          />
        )}
      </Suspense>
    </>
  );
}

/** The way to the other lines of a file that is longer than one answer. */
function Windows({ file, onChoose }: { file: SourceLines; onChoose: (start: number, end: number) => void }) {
  const earlier = file.start - WINDOW;
  const later = file.end + 1;
  return (
    <footer className="flex shrink-0 flex-wrap items-center gap-2 border-t border-line bg-subtle px-3 py-1.5">
      <span className="text-meta text-muted">{texts.linesOf(file.start, file.end, file.total_lines)}</span>
      <span className="ms-auto flex gap-2">
        {earlier > 0 && <Button onClick={() => onChoose(earlier, earlier)}>{texts.earlier}</Button>}
        {later <= file.total_lines && <Button onClick={() => onChoose(later, later)}>{`${texts.later} (${formatCount(file.total_lines - file.end)})`}</Button>}
      </span>
    </footer>
  );
}
