import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { Suspense } from "react";

import { threadQuery } from "@/api/chat";
import { problemOf } from "@/api/client";
import { useSession } from "@/api/workspace";
import { early, part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { useRepoPlace } from "@/repo/place";
import { chat as texts } from "@/texts/chat";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";
import { PageTitle } from "@/ui/page";
import { Tag } from "@/ui/tag";

const Conversation = early(() => import("./conversation"));
const ThreadMenu = part(() => import("./thread-menu"));

/** How often an answer that another window asked for is looked after, in milliseconds. */
const LOOK_MS = 1500;

/** One conversation. */
export function ThreadPage() {
  const session = useSession();
  const ws = session.workspace.slug;
  const { thread: id } = useParams({ from: "/inside/w/$ws/chat/$thread" });
  const query = useQuery({
    ...threadQuery(ws, id),
    refetchInterval: ({ state }) => (state.data?.data.messages.some((each) => each.state === "answering") ? LOOK_MS : false),
  });
  const known = query.data?.data;
  const repo = useRepoPlace(known?.thread.repo);
  const title = known ? visible(known.thread.title) || texts.untitled : texts.title;
  const gone = query.error !== null && problemOf(query.error).status === 404;
  const skeleton = (
    <div className="mx-auto w-full max-w-[72ch] p-4 sm:p-6">
      <SkeletonRows rows={6} height="h-10" />
    </div>
  );
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <header className="flex min-h-12 shrink-0 items-center gap-2 border-b border-line px-3 sm:px-4">
        <Link to="/w/$ws/chat" params={{ ws }} aria-label={texts.back} title={texts.back} className="tap inline-flex min-w-7 items-center justify-center rounded-control text-muted hover:bg-sunken @4xl:hidden">
          <ArrowLeft size={16} aria-hidden />
        </Link>
        <div className="min-w-0 flex-1 [&_h1]:truncate [&_h1]:text-body">
          <PageTitle name={title} scope={session.workspace.name} />
        </div>
        {repo && (
          <Link to="/w/$ws/repos/$repo" params={{ ws, repo: repo.slug }} className="hidden max-w-40 truncate text-meta text-faint hover:text-accent hover:underline sm:block">
            {texts.about(visible(repo.name))}
          </Link>
        )}
        {known?.thread.shared && <Tag>{texts.shared}</Tag>}
        <Suspense>{known && <ThreadMenu thread={known.thread} messages={known.messages.length} />}</Suspense>
      </header>
      {gone ? (
        <div className="p-4 sm:p-6">
          <Empty>{texts.gone}</Empty>
        </div>
      ) : (
        <Loaded query={query} what={texts.what} skeleton={skeleton}>
          {({ data }) => (
            <Suspense fallback={skeleton}>
              <Conversation key={id} detail={data} repo={repo?.slug} />
            </Suspense>
          )}
        </Loaded>
      )}
    </div>
  );
}
