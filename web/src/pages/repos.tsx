import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { Suspense } from "react";

import { reposQuery } from "@/api/queries";
import { useSession } from "@/api/workspace";
import { formatCount } from "@/lib/count";
import { early, part } from "@/lib/part";
import { repos as texts } from "@/texts/repos";
import { buttonLook } from "@/ui/button";
import { PageHeader, PageTitle } from "@/ui/page";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";

const RepoTable = early(() => import("./repos/table"));
const MirrorAge = part(() => import("@/repo/mirror-age"));

/** Every repository of the workspace in one table. */
export function ReposPage() {
  const session = useSession();
  const ws = session.workspace.slug;
  const query = useQuery({
    ...reposQuery(ws),
    // Runs of other workspaces that were before one that waits end without a word to this one.
    refetchInterval: ({ state }) => (state.data?.items.some(({ running }) => running?.ahead) ? 10_000 : false),
  });
  const may = session.can.connect_repo;
  const add = may && (
    <Link to="/start/source" className={buttonLook("primary")}>
      <Plus size={14} aria-hidden />
      {texts.add}
    </Link>
  );
  const rows = <SkeletonRows rows={8} />;
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <PageHeader actions={add}>
        <PageTitle name={texts.title} scope={session.workspace.name} />
        {query.data && <span className="text-dense text-faint">{formatCount(query.data.total)}</span>}
      </PageHeader>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty action={add}>{may ? texts.empty : texts.emptyViewer}</Empty>
          ) : (
            <>
              <Suspense fallback={rows}>
                <RepoTable items={items} ws={ws} />
              </Suspense>
              <Suspense>
                <MirrorAge ws={ws} />
              </Suspense>
            </>
          )
        }
      </Loaded>
    </div>
  );
}
