import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { cancelAnalysis } from "@/api/mutations/repos";
import { analysisQuery } from "@/api/queries";
import type { Coverage } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatMoment, shortCommit, visible } from "@/lib/format";
import { MilestoneBar } from "@/repo/milestone-bar";
import { PhaseList } from "@/repo/phase-list";
import { history } from "@/texts/history";
import { overview } from "@/texts/report";
import { run as texts, skipReasons } from "@/texts/run";
import { Button } from "@/ui/button";
import { Tag } from "@/ui/marks";
import { Loaded, Panel, SkeletonRows } from "@/ui/panel";
import { Cell, Table } from "@/ui/table";

/** One run: its phases, what is known, and what it did not read. */
export function RunPage() {
  const ws = useWorkspace();
  const { run } = useParams({ from: "/inside/w/$ws/repos/$repo/runs/$run" });
  const query = useQuery(analysisQuery(ws, run));
  const cancel = useMutation(cancelAnalysis(ws));
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={3} height="h-24" />}>
      {({ data: { analysis, coverage } }) => (
        <div className="flex max-w-[920px] flex-col gap-6">
          <Panel
            title={texts.title}
            note={formatMoment(analysis.created_at)}
            actions={
              analysis.can.cancel && (
                <Button busy={cancel.isPending} onClick={() => cancel.mutate(analysis.id)}>
                  {texts.cancel}
                </Button>
              )
            }
          >
            <div className="rounded-card border border-line p-4">
              <div className="mb-3 flex flex-wrap items-center gap-3 text-dense">
                <Tag tone={analysis.state === "failed" ? "critical" : analysis.state === "done" ? "ok" : "neutral"}>
                  {history.states[analysis.state]}
                </Tag>
                {analysis.commit && <code className="text-meta text-muted">{shortCommit(analysis.commit)}</code>}
                {analysis.failure && <span className="text-critical">{visible(analysis.failure.detail)}</span>}
              </div>
              <MilestoneBar percent={analysis.percent} label={texts.phases} />
              <div className="mt-4">
                <PhaseList phases={analysis.phases} />
              </div>
            </div>
          </Panel>
          {analysis.facts.length > 0 && (
            <Panel title={texts.facts}>
              <ul className="flex flex-wrap gap-1.5">
                {analysis.facts.map((fact) => (
                  <li key={fact} className="rounded-control bg-sunken px-2 py-0.5 text-dense text-muted">
                    {visible(fact)}
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          {coverage && <NotRead coverage={coverage} />}
        </div>
      )}
    </Loaded>
  );
}

function NotRead({ coverage }: { coverage: Coverage }) {
  return (
    <>
      {coverage.notes.length > 0 && (
        <Panel title={texts.notes}>
          <ul className="list-disc ps-5 text-dense text-muted">
            {coverage.notes.map((note) => (
              <li key={note.code}>{visible(note.text)}</li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel
        title={texts.skipped}
        note={
          coverage.skipped_total > coverage.skipped.length
            ? texts.listed(coverage.skipped.length, coverage.skipped_total)
            : overview.filesRead(coverage.files_read, coverage.files)
        }
      >
        {coverage.skipped.length === 0 ? (
          <p className="text-dense text-muted">{texts.noneSkipped}</p>
        ) : (
          <Table label={texts.skipped} columns={[{ title: texts.columns.path }, { title: texts.columns.reason }]}>
            {coverage.skipped.map((each) => (
              <tr key={each.path} className="border-b border-line">
                <Cell className="font-mono text-meta [overflow-wrap:anywhere]">{visible(each.path)}</Cell>
                <Cell className="text-muted">{skipReasons[each.reason] ?? each.reason}</Cell>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
    </>
  );
}
