import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useEffect, useState, type FormEvent } from "react";

import { codeSearchQuery, type SearchKind } from "@/api/search";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { codeSearch as texts } from "@/texts/code-search";
import { Button } from "@/ui/button";
import { SearchField } from "@/ui/field";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Segmented } from "@/ui/segmented";

const FoundList = early(() => import("./search/found"));

const KINDS: readonly SearchKind[] = ["passage", "symbol"];

/** Looks for lines and definitions in the code of the analysed commit; what is looked for stands in the address. */
export function CodeSearchPage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const { q = "", kind = "passage" } = useSearch({ from: "/inside/w/$ws/repos/$repo/search" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/search" });
  const [text, setText] = useState(q);
  // Back, and a link, change what is looked for as well.
  useEffect(() => setText(q), [q]);
  const query = useQuery(codeSearchQuery(ws, slug, q, kind));
  const look = (next: string, by: SearchKind) =>
    void navigate({ search: { ...(next ? { q: next } : {}), ...(by === "symbol" ? { kind: by } : {}) } });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look(text.trim(), kind);
  };
  const rows = <SkeletonRows rows={4} height="h-32" />;
  return (
    <div className="flex flex-col gap-4">
      <form role="search" aria-label={texts.title} onSubmit={submit} className="flex flex-wrap items-center gap-2">
        <SearchField label={texts.field} value={text} maxLength={1000} onChange={(event) => setText(event.target.value)} className="min-w-0 flex-1 basis-full sm:!w-auto sm:max-w-xl sm:basis-0" />
        <Button type="submit" look="primary" busy={query.isFetching && query.isPending}>
          {texts.submit}
        </Button>
        <Segmented label={texts.kinds.name} value={kind} onChoose={(each) => look(text.trim(), each)} segments={KINDS.map((each) => ({ value: each, label: texts.kinds[each] }))} />
      </form>
      {q === "" ? (
        <p className="max-w-[72ch] text-dense text-muted">{texts.hint}</p>
      ) : (
        <Loaded query={query} what={texts.results} skeleton={rows}>
          {({ data, meta }) => (
            <Suspense fallback={rows}>
              <FoundList found={data} partial={meta.partial} text={q} kind={kind} />
            </Suspense>
          )}
        </Loaded>
      )}
    </div>
  );
}
