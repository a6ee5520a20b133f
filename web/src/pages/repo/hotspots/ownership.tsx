import type { Hotspots } from "@/api/types";
import { formatCount } from "@/lib/count";
import { hotspots as texts } from "@/texts/hotspots";
import { PathText } from "@/ui/path-text";
import { Cell, rowLook, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";

/** How the changes of each folder are spread over people. */
export default function OwnershipPanel({ found }: { found: Hotspots }) {
  const { title, columns, basis, share, factor, root, onePerson, absence, empty } = texts.ownership;
  const rows = found.ownership;
  const alone = rows.filter((each) => each.absence_factor === 1);
  return (
    <section className="flex flex-col gap-2 pt-3">
      <h2 className="font-medium">{title}</h2>
      <p className="max-w-[90ch] text-dense text-muted">{rows.length === 0 ? empty : basis}</p>
      {alone.length > 0 && (
        <p className="max-w-[90ch] text-dense">
          {absence(alone.length, rows.length, alone.reduce((sum, each) => sum + each.code, 0))}
        </p>
      )}
      {rows.length > 0 && (
        <Table
          label={title}
          columns={[
            { title: columns.folder },
            { title: columns.commits, numeric: true },
            { title: columns.fixes, numeric: true, wide: true },
            { title: columns.people, numeric: true },
            { title: columns.share, numeric: true },
            { title: columns.factor, numeric: true, wide: true },
            { title: columns.code, numeric: true, wide: true },
          ]}
        >
          {rows.map((each) => (
            <tr key={each.folder} className={rowLook}>
              <Cell className="font-mono text-meta leading-5 break-words">
                {each.folder ? <PathText path={each.folder} /> : root}{" "}
                {each.absence_factor === 1 && (
                  <span className="font-sans">
                    <Tag tone="medium">{onePerson}</Tag>
                  </span>
                )}
              </Cell>
              <Cell numeric>{formatCount(each.commits)}</Cell>
              <Cell numeric wide>
                {formatCount(each.fixes)}
              </Cell>
              <Cell numeric>{formatCount(each.people)}</Cell>
              <Cell numeric>{share(each.main_share)}</Cell>
              <Cell numeric wide>
                {factor(each.absence_factor)}
              </Cell>
              <Cell numeric wide className="text-muted">
                {formatCount(each.code)}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
