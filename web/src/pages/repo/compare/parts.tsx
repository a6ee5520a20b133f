import type { Comparison } from "@/api/types";
import { formatTenth } from "@/lib/format";
import { common } from "@/texts/common";
import { compare as texts } from "@/texts/compare";
import { overview } from "@/texts/report";
import { Panel } from "@/ui/panel";
import { Prose } from "@/ui/prose";
import { Cell, rowLook, Table } from "@/ui/table";

/** Points that a part of the grade lost, before and after. A part that one side did not measure has no change. */
export function ChangedParts({ parts }: { parts: Comparison["parts"] }) {
  const { columns } = texts;
  return (
    <Panel title={texts.partsTitle}>
      <Table
        label={texts.partsTitle}
        columns={[
          { title: columns.part },
          { title: columns.before, numeric: true },
          { title: columns.after, numeric: true },
          { title: columns.change, numeric: true },
          { title: columns.measured, wide: true },
        ]}
      >
        {parts.map((part) => (
          <tr key={part.part} className={rowLook}>
            <Cell className="font-medium">{overview.parts[part.part] ?? part.part}</Cell>
            <Cell numeric>{lost(part.base_lost)}</Cell>
            <Cell numeric>{lost(part.head_lost)}</Cell>
            <Cell numeric>{change(part.base_lost, part.head_lost)}</Cell>
            <Cell wide className="text-muted">
              <Prose text={part.head ?? common.notMeasured} />
            </Cell>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

const lost = (points: number | null): string => (points === null ? "–" : formatTenth(points));

function change(before: number | null, after: number | null) {
  if (before === null || after === null) return <span className="text-faint">–</span>;
  const more = after - before;
  if (formatTenth(more) === "0") return <span className="text-faint">0</span>;
  return more > 0 ? (
    <span className="text-critical">{texts.lostMore(formatTenth(more))}</span>
  ) : (
    <span className="text-ok">{texts.lostLess(formatTenth(-more))}</span>
  );
}
