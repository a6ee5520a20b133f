import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { FolderTree } from "lucide-react";
import { useState } from "react";

import { folderQuery } from "@/api/code";
import { problemOf } from "@/api/client";
import { overviewQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { shortCommit } from "@/lib/format";
import { visible } from "@/lib/visible";
import { code as texts } from "@/texts/code";
import { Button, buttonLook } from "@/ui/button";
import { Empty, SkeletonRows } from "@/ui/loaded";

import { File } from "./file";
import { Folder } from "./folder";
import { Tree } from "./tree";

/** Files at one side, and the one that is open. */
export default function CodeView() {
  const { repo = "", _splat: path = "" } = useParams({ strict: false }) as { repo?: string; _splat?: string };
  const { commit } = useSearch({ strict: false }) as { commit?: string };
  const workspace = useWorkspace();
  const [files, setFiles] = useState(false);
  const overview = useQuery(overviewQuery(workspace, repo));
  const newest = overview.data?.data.commit.id;
  const slash = path.lastIndexOf("/");
  // What a place is stands in the folder around it.
  const around = useQuery(folderQuery(workspace, repo, commit, path.slice(0, Math.max(0, slash))));
  const entry = around.data?.data.entries.find((each) => each.path === path);
  const problem = around.error ? problemOf(around.error) : undefined;
  const gone = problem?.code === "not_in_commit";
  const unknown = commit !== undefined && problem?.status === 404 && !gone;
  const isFolder = path === "" || entry?.kind === "folder";
  return (
    <div className="@container flex flex-col gap-3">
      {commit && newest && commit !== newest && !unknown && (
        <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-card bg-low-bg px-3 py-2 text-dense text-low">
          {texts.otherCommit(shortCommit(commit), shortCommit(newest))}
          <Link to="." search={({ commit: _shown, ...rest }) => rest} hash={true} className="font-medium underline">
            {texts.toNewest}
          </Link>
        </p>
      )}
      <div className="@min-[720px]:hidden">
        <Button icon={FolderTree} aria-expanded={files} aria-controls="code-files" onClick={() => setFiles(!files)}>
          {texts.files}
        </Button>
      </div>
      {/* By the room that a panel beside the page leaves, not by the window. */}
      <div className="grid min-w-0 gap-4 @min-[720px]:grid-cols-[minmax(180px,240px)_minmax(0,1fr)]">
        <aside
          id="code-files"
          aria-label={texts.files}
          className={cx("min-w-0 @min-[720px]:block @min-[720px]:h-[calc(100dvh-184px)] @min-[720px]:min-h-96", files ? "block" : "hidden")}
        >
          <Tree key={commit} repo={repo} commit={commit} path={path} onChoose={() => setFiles(false)} />
        </aside>
        <div className="min-w-0">
          {unknown ? (
            <Empty
              action={
                <Link to="." search={({ commit: _shown, ...rest }) => rest} hash={true} className={buttonLook()}>
                  {texts.toNewest}
                </Link>
              }
            >
              {texts.unknownCommit(shortCommit(commit))}
            </Empty>
          ) : gone ? (
            <Gone repo={repo} path={path} commit={commit ?? newest ?? ""} />
          ) : isFolder ? (
            <Folder repo={repo} commit={commit} path={path} />
          ) : around.data && !entry && !around.data.data.truncated ? (
            <Gone repo={repo} path={path} commit={around.data.data.commit} />
          ) : around.isPending ? (
            <div aria-busy="true" className="delayed">
              <SkeletonRows rows={20} height="h-4" />
            </div>
          ) : (
            <File key={path} repo={repo} commit={commit} path={path} />
          )}
        </div>
      </div>
    </div>
  );
}

function Gone({ repo, path, commit }: { repo: string; path: string; commit: string }) {
  const ws = useParams({ strict: false }).ws ?? "";
  return (
    <Empty
      action={
        <Link to="/w/$ws/repos/$repo/code/$" params={{ ws, repo, _splat: "" }} className={buttonLook()}>
          {texts.root}
        </Link>
      }
    >
      {texts.gone(visible(path), shortCommit(commit))}
    </Empty>
  );
}
