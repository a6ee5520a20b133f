import { formatCount } from "@/lib/count";
import type { MaybeCut } from "@/api/fewer";
import { common } from "@/texts/common";
import { lists } from "@/texts/lists";

import { Button } from "./button";

interface Props {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
    data?: { pages: readonly (MaybeCut & { items: readonly unknown[]; total: number })[] } | undefined;
  };
}

/** Reads the next page of a long list. */
export function More({ query }: Props) {
  if (!query.hasNextPage) return null;
  const pages = query.data?.pages ?? [];
  const got = pages.reduce((sum, page) => sum + page.items.length, 0);
  return (
    <div className="mt-3 flex flex-wrap items-center justify-center gap-3 text-dense">
      {pages.at(-1)?.cut && <p className="text-medium">{lists.cut(formatCount(got), formatCount(pages[0]?.total ?? got))}</p>}
      <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {common.loadMore}
      </Button>
    </div>
  );
}
