import { useMutation, useQuery } from "@tanstack/react-query";

import { problemOf } from "@/api/client";
import { suppressionsQuery, unsuppress } from "@/api/triage";
import type { Suppression } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatCount } from "@/lib/count";
import { formatDay } from "@/lib/format";
import { visible } from "@/lib/visible";
import { findings } from "@/texts/findings";
import { Button } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Cell, rowLook, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";
import { toast } from "@/ui/toast";

const texts = findings.suppress;

/** What people here decided not to act on, with the way back. `always` shows it also where there is nothing. */
export default function Decisions({ repo, always }: { repo: string; always?: boolean }) {
  const ws = useWorkspace();
  const query = useQuery(suppressionsQuery(ws, repo));
  const back = useMutation({ ...unsuppress(ws, repo), onError: (error) => toast(problemOf(error).detail), onSuccess: () => toast(texts.undone) });
  return (
    <Loaded query={query} what={texts.title} skeleton={always ? <SkeletonRows rows={2} /> : null}>
      {({ data }) => {
        if (data.items.length === 0) return always ? <p className="text-dense text-muted">{texts.none}</p> : null;
        const { columns } = texts;
        return (
          <details className="mt-6" open={always}>
            <summary className="w-fit cursor-pointer text-dense font-medium">{texts.list(data.items.length)}</summary>
            <p className="my-2 max-w-[80ch] text-dense text-muted">{texts.listHint}</p>
            <Table
              label={texts.list(data.items.length)}
              columns={[{ title: columns.what }, { title: columns.reason, wide: true }, { title: columns.until, wide: true }, { title: columns.count, numeric: true }, { title: texts.takeBack, hidden: true }]}
            >
              {data.items.map((each) => (
                <tr key={each.id} className={rowLook}>
                  <Cell className="min-w-0">
                    <p className="font-medium">{texts.scopeNames[each.scope]}</p>
                    <p className="font-mono text-meta text-muted [overflow-wrap:anywhere]">{[each.rule, each.path].filter((part) => part !== null).map(visible).join(" · ")}</p>
                    <div className="@3xl:hidden">
                      <Why suppression={each} />
                      <Until suppression={each} />
                    </div>
                  </Cell>
                  <Cell wide className="min-w-0">
                    <Why suppression={each} />
                  </Cell>
                  <Cell wide>
                    <Until suppression={each} />
                  </Cell>
                  <Cell numeric>{formatCount(each.findings)}</Cell>
                  <Cell numeric>
                    {data.can_end && (
                      <Button look="ghost" busy={back.isPending && back.variables.id === each.id} onClick={() => back.mutate(each)}>
                        {texts.takeBack}
                      </Button>
                    )}
                  </Cell>
                </tr>
              ))}
            </Table>
          </details>
        );
      }}
    </Loaded>
  );
}

const Why = ({ suppression }: { suppression: Suppression }) => (
  <>
    <p>{texts.kinds[suppression.kind]}</p>
    <p className="text-muted [overflow-wrap:anywhere]">{visible(suppression.reason)}</p>
  </>
);

function Until({ suppression: { expires_at: until, ended } }: { suppression: Suppression }) {
  if (ended) return <Tag tone="medium">{texts.ended}</Tag>;
  return <span className="whitespace-nowrap text-muted">{until === null ? texts.never : formatDay(until)}</span>;
}
