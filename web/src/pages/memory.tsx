import { useInfiniteQuery } from "@tanstack/react-query";
import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { Suspense, useEffect, useState } from "react";

import { mayRemember, memoriesQuery } from "@/api/memories";
import { useSession } from "@/api/workspace";
import { formatCount } from "@/lib/count";
import { useKeys } from "@/lib/keys";
import { early, part } from "@/lib/part";
import { peekText } from "@/lib/peek";
import { memory as texts } from "@/texts/memory";
import { Button } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const MemoryList = early(() => import("./memory/list"));
const First = part(() => import("./memory/first"));
const Editor = part(() => import("@/memory/editor"));

/** What was learned, with filters that live in the address; with a question in it, what helps with that. */
export function MemoryPage() {
  const session = useSession();
  const ws = session.workspace.slug;
  const may = mayRemember(session);
  const navigate = useNavigate({ from: "/w/$ws/memory" });
  const { kind, state, tag, scope } = useSearch({ from: "/inside/w/$ws/memory" });
  const query = useInfiniteQuery({ ...memoriesQuery(ws, { kind, state, tag, scope }), placeholderData: (old) => old });
  // All that the reader may see, whatever the filters.
  const kept = query.data?.pages[0]?.kinds.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const [writing, setWriting] = useState(false);
  const asked = useLocation({ select: ({ hash }) => hash === "new" });
  useEffect(() => {
    if (asked && may) setWriting(true);
  }, [asked, may]);
  useKeys(may ? { n: () => setWriting(true) } : {});
  const close = () => {
    setWriting(false);
    // Asked for once more, it opens once more.
    if (asked) void navigate({ search: true, hash: "", replace: true });
  };
  const rows = <SkeletonRows rows={8} height="h-14" />;
  return (
    <div className="flex max-w-[1120px] flex-col gap-4 p-4 sm:p-6">
      <PageHeader
        actions={
          may &&
          kept > 0 && (
            <Button look="primary" icon={Plus} onClick={() => setWriting(true)}>
              {texts.add}
            </Button>
          )
        }
      >
        <PageTitle name={texts.title} scope={session.workspace.name} />
        {kept > 0 && <span className="text-dense text-faint">{formatCount(kept)}</span>}
      </PageHeader>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ pages }) => (
          <Suspense fallback={rows}>
            {kept === 0 && pages[0]?.items.length === 0 ? (
              <First may={may} onNew={() => setWriting(true)} />
            ) : (
              <MemoryList pages={pages} query={query} />
            )}
          </Suspense>
        )}
      </Loaded>
      <Suspense>
        {writing && (
          <Editor
            onSaved={(made) => {
              if (made.version > 0) void navigate({ search: (search) => ({ ...search, peek: peekText({ kind: "memory", id: made.id }) }), replace: true });
            }}
            onUndone={() => {
              // Whoever went on to another page stays there.
              if (location.pathname.endsWith("/memory")) void navigate({ search: ({ peek: _gone, ...rest }) => rest, replace: true });
            }}
            onClose={close}
          />
        )}
      </Suspense>
    </div>
  );
}
