import { useQuery } from "@tanstack/react-query";
import { Lightbulb, Plus } from "lucide-react";

import { insightsQuery, reposQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { visible } from "@/lib/visible";
import { ofInsight } from "@/memory/draft";
import { Remember } from "@/memory/remember";
import { noMemory as texts, memory } from "@/texts/memory";
import { Button } from "@/ui/button";
import { Prose } from "@/ui/prose";

/** How many things worth remembering are offered. */
const EXAMPLES = 3;

/** What a memory is for those who have none yet, and what they could begin with. */
export default function First({ may, onNew }: { may: boolean; onNew: () => void }) {
  const repos = useQuery(reposQuery(useWorkspace())).data?.items ?? [];
  const newest = repos
    .filter((repo) => repo.latest)
    .sort((a, b) => (b.latest?.finished_at ?? "").localeCompare(a.latest?.finished_at ?? ""))[0];
  return (
    <section aria-labelledby="no-memory" className="flex flex-col items-start gap-4 rounded-card border border-dashed border-line px-5 py-6 text-dense">
      <h2 id="no-memory" className="text-body font-semibold">
        {texts.title}
      </h2>
      <p className="max-w-[64ch] text-muted">{may ? texts.lead : texts.readOnly}</p>
      {may && (
        <>
          <Button look="primary" icon={Plus} onClick={onNew}>
            {memory.add}
          </Button>
          <p className="text-meta text-faint">
            {texts.cli} <code className="rounded-control bg-sunken px-1 py-px">devmentor remember</code>
          </p>
          {newest && <Examples repo={newest} />}
        </>
      )}
    </section>
  );
}

/** What the newest report says that somebody may want to know again. */
function Examples({ repo }: { repo: Repo }) {
  const query = useQuery(insightsQuery(useWorkspace(), repo.slug));
  const examples = (query.data?.items ?? []).filter(({ state }) => state === "open").slice(0, EXAMPLES);
  if (examples.length === 0) return null;
  const at = { id: repo.id, commit: repo.latest?.commit ?? null };
  return (
    <div className="w-full">
      <h3 className="mb-1 text-meta font-medium text-faint">
        {texts.examples} {visible(repo.name)}
      </h3>
      <ul className="flex flex-col rounded-card border border-line">
        {examples.map((insight) => (
          <li key={insight.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
            <Lightbulb size={14} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />
            <span className="min-w-[12rem] flex-1 [overflow-wrap:anywhere]">
              <Prose text={insight.title} />
            </span>
            <Remember of={() => ofInsight(insight, at)} />
          </li>
        ))}
      </ul>
    </div>
  );
}
