import type { Coverage } from "@/api/types";
import { overview } from "@/texts/report";
import { run as texts, skipReasons } from "@/texts/run";
import { Panel } from "@/ui/panel";
import { PathText } from "@/ui/path-text";
import { Prose } from "@/ui/prose";
import { Cell, Table } from "@/ui/table";

/** What limits a run, and which files it left out. */
export default function NotRead({ coverage }: { coverage: Coverage }) {
  return (
    <>
      <Notes title={texts.notes} notes={coverage.notes} />
      <Notes title={texts.limits} notes={coverage.limits} />
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
                <Cell className="font-mono text-meta break-words"><PathText path={each.path} /></Cell>
                <Cell className="text-muted">{skipReasons[each.reason] ?? each.reason}</Cell>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
    </>
  );
}

function Notes({ title, notes }: { title: string; notes: Coverage["notes"] }) {
  if (notes.length === 0) return null;
  return (
    <Panel title={title}>
      <ul className="list-disc ps-5 text-dense text-muted">
        {notes.map((note) => (
          <li key={note.code}>
            <Prose text={note.text} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
