import type { Overview } from "@/api/types";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";
import { findings } from "@/texts/findings";
import { PlaceLink } from "@/ui/place-link";
import { Prose } from "@/ui/prose";
import { SeverityMark } from "@/ui/severity";
import { Cell, rowLook, Table } from "@/ui/table";

const texts = findings.suppressed;

/** What the repository says about its own findings: which are not to be acted on, and which fail its pipeline. */
export default function Suppressed({ report }: { report: Overview }) {
  const { suppressed, suppressed_total: total, gate } = report;
  const { columns } = texts;
  const repo = report.repo.slug;
  return (
    <section className="mt-6 flex flex-col gap-2">
      {gate && (
        <p className="text-dense text-muted">
          {texts.gate(common.severity[gate.fail_on])} <PlaceLink repo={repo} span={gate.by} />
        </p>
      )}
      {total > 0 && (
        <details>
          <summary className="w-fit cursor-pointer text-dense font-medium">{texts.title(total)}</summary>
          <p className="my-2 max-w-[80ch] text-dense text-muted">
            {texts.hint} {suppressed.length < total && texts.listed(suppressed.length, total)}
          </p>
          <Table
            label={texts.title(total)}
            columns={[{ title: columns.severity }, { title: columns.finding }, { title: columns.reason }]}
          >
            {suppressed.map((each) => (
              <tr key={`${each.span.path}:${each.span.start}:${each.title}:${each.by.start}`} className={rowLook}>
                <Cell>
                  <SeverityMark severity={each.severity} short />
                </Cell>
                <Cell className="min-w-0">
                  <p className="font-medium">
                    <Prose text={each.title} />
                  </p>
                  <p className="text-muted [overflow-wrap:anywhere]">
                    <Prose text={each.message} />
                  </p>
                  <PlaceLink repo={repo} span={each.span} />
                </Cell>
                <Cell className="min-w-0">
                  <p>{texts.kinds[each.kind] ?? each.kind}</p>
                  <p className="text-muted [overflow-wrap:anywhere]">{visible(each.reason)}</p>
                  <PlaceLink repo={repo} span={each.by} />
                </Cell>
              </tr>
            ))}
          </Table>
        </details>
      )}
    </section>
  );
}
