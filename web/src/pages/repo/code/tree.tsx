import { useQueries, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronDown, ChevronRight, File, Folder, FolderOpen, FolderSymlink, Link2, Search } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";

import { filesQuery, folderQuery, type At } from "@/api/code";
import type { SourceEntry } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { useKeys } from "@/lib/keys";
import { visible } from "@/lib/visible";
import { code as texts } from "@/texts/code";
import { buttonLook } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";

interface Props {
  repo: string;
  commit: At;
  /** What is open. */
  path: string;
  onChoose: () => void;
}

const row =
  "tap flex w-full min-w-0 items-center gap-1.5 rounded-control px-1.5 text-start text-dense text-muted hover:bg-sunken hover:text-text aria-[current]:bg-sunken aria-[current]:font-medium aria-[current]:text-text";

/** The folders that lead to a path, and the path itself, which may be one. */
const leading = (path: string): string[] => path.split("/").map((_, index, all) => all.slice(0, index + 1).join("/"));

/** Every folder and file, opened one folder at a time. */
export function Tree({ repo, commit, path, onChoose }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(leading(path)));
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim());
  useEffect(() => setOpen((known) => new Set([...known, ...leading(path)])), [path]);
  // What leads to the open path comes in one piece: folder by folder, each would push the rest of the tree down.
  const [first] = useState(() => (path === "" ? [""] : ["", ...leading(path)]));
  const workspace = useWorkspace();
  const above = useQuery(folderQuery(workspace, repo, commit, first.at(-2) ?? ""));
  // Whether the last of them is a folder stands in the one around it.
  const isFolder = (place: string) => place === "" || place !== first.at(-1) || above.data?.data.entries.some((each) => each.path === place && each.kind === "folder") === true;
  const waits = useQueries({ queries: first.map((folder) => ({ ...folderQuery(workspace, repo, commit, folder), enabled: isFolder(folder) })) }).some((each) => each.isLoading);
  // Once only: what could not be read is asked for again by the part that shows it.
  const [shown, setShown] = useState(false);
  if (!waits && !shown) setShown(true);
  useKeys({ f: () => document.querySelector<HTMLInputElement>("#code-files input[type=search]")?.focus() });
  const toggle = (folder: string) =>
    setOpen((known) => {
      const next = new Set(known);
      if (!next.delete(folder)) next.add(folder);
      return next;
    });
  return (
    <div className="flex h-full min-h-0 flex-col gap-2">
      {/* The list of analysed files is that of the newest commit. */}
      {commit === undefined && (
        <div className="flex items-center gap-1">
          <input
            type="search"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={texts.goTo}
            aria-label={texts.goTo}
            className="tap w-full rounded-control border border-control bg-bg px-2 text-dense"
          />
          <Link
            to="/w/$ws/repos/$repo/search"
            params={{ ws: workspace, repo }}
            aria-label={texts.searchCode}
            title={texts.searchCode}
            className={buttonLook("ghost", "min-w-8 shrink-0 px-0")}
          >
            <Search size={16} strokeWidth={1.75} aria-hidden />
          </Link>
        </div>
      )}
      <nav aria-label={texts.files} className="scroll-thin min-h-0 flex-1 overflow-y-auto">
        {!shown ? (
          <SkeletonRows rows={12} height="h-5" />
        ) : wanted ? (
          <Found repo={repo} text={wanted} path={path} onChoose={onChoose} />
        ) : (
          <Level repo={repo} commit={commit} folder="" depth={0} path={path} open={open} onToggle={toggle} onChoose={onChoose} />
        )}
      </nav>
    </div>
  );
}

interface LevelProps extends Props {
  folder: string;
  depth: number;
  open: ReadonlySet<string>;
  onToggle: (folder: string) => void;
}

function Level(props: LevelProps) {
  const { repo, commit, folder, depth } = props;
  const query = useQuery(folderQuery(useWorkspace(), repo, commit, folder));
  return (
    <Loaded query={query} what={texts.folderWhat} skeleton={<SkeletonRows rows={depth === 0 ? 12 : 1} height="h-5" />}>
      {({ data }) => (
        <ul>
          {data.entries.map((entry) => (
            <Item key={entry.path} entry={entry} {...props} />
          ))}
          {data.truncated && <li className="px-2 text-meta text-faint">{texts.moreEntries}</li>}
        </ul>
      )}
    </Loaded>
  );
}

/** Steps to the right, as classes: the page's policy allows no inline styles. */
const INDENT = ["ps-1.5", "ps-4", "ps-7", "ps-10", "ps-13", "ps-16", "ps-19"] as const;

function Item({ entry, ...props }: LevelProps & { entry: SourceEntry }) {
  const ws = useParams({ strict: false }).ws ?? "";
  const { repo, path, depth, open, onToggle, onChoose } = props;
  const current = entry.path === path;
  const indent = INDENT[Math.min(depth, INDENT.length - 1)];
  if (entry.kind === "folder") {
    const expanded = open.has(entry.path);
    const [Chevron, Icon] = expanded ? [ChevronDown, FolderOpen] : [ChevronRight, Folder];
    return (
      <li>
        <button type="button" data-row aria-expanded={expanded} className={cx(row, indent)} onClick={() => onToggle(entry.path)}>
          <Chevron size={12} aria-hidden className="shrink-0 text-faint" />
          <Icon size={14} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />
          <span className="truncate">{visible(entry.name)}</span>
        </button>
        {expanded && <Level {...props} folder={entry.path} depth={depth + 1} />}
      </li>
    );
  }
  const [Icon, kind] =
    entry.kind === "link" ? [Link2, texts.link] : entry.kind === "submodule" ? [FolderSymlink, texts.submodule] : [File, null];
  return (
    <li>
      <Link
        data-row
        to="/w/$ws/repos/$repo/code/$"
        params={{ ws, repo, _splat: entry.path }}
        search={({ blame, commit }) => ({ ...(blame ? { blame } : {}), ...(commit ? { commit } : {}) })}
        resetScroll={false}
        aria-current={current ? "page" : undefined}
        className={cx(row, indent)}
        title={visible(entry.name)}
        onClick={onChoose}
      >
        <span className="w-3 shrink-0" />
        <Icon size={14} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />
        <span className="truncate">{visible(entry.name)}</span>
        {kind && <span className="sr-only"> ({kind})</span>}
      </Link>
    </li>
  );
}

/** Analysed files anywhere with the text in their path. */
function Found({ repo, text, path, onChoose }: { repo: string; text: string; path: string; onChoose: () => void }) {
  const ws = useParams({ strict: false }).ws ?? "";
  const query = useQuery(filesQuery(useWorkspace(), repo, text));
  return (
    <Loaded query={query} what={texts.files} skeleton={<SkeletonRows rows={6} height="h-5" />}>
      {({ data }) =>
        data.entries.length === 0 ? (
          <p className="px-1.5 py-2 text-dense text-muted">{texts.noFile(text)}</p>
        ) : (
          <ul>
            {data.entries.map((entry) => (
              <li key={entry.path}>
                <Link
                  data-row
                  to="/w/$ws/repos/$repo/code/$"
                  params={{ ws, repo, _splat: entry.path }}
                  aria-current={entry.path === path ? "page" : undefined}
                  className={cx(row, "!items-baseline")}
                  title={visible(entry.path)}
                  onClick={onChoose}
                >
                  <span className="max-w-[60%] shrink-0 truncate">{visible(entry.name)}</span>
                  <span className="truncate text-meta text-faint">{visible(entry.path.slice(0, -entry.name.length - 1))}</span>
                </Link>
              </li>
            ))}
            {data.truncated && <li className="px-2 text-meta text-faint">{texts.moreFiles}</li>}
          </ul>
        )
      }
    </Loaded>
  );
}
