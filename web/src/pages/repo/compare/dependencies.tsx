import type { Comparison } from "@/api/types";
import { formatCount } from "@/lib/count";
import { visible } from "@/lib/visible";
import { compare as texts } from "@/texts/compare";
import { Panel } from "@/ui/panel";
import { Cell, rowLook, Table } from "@/ui/table";

/** Packages whose versions in use are not the same. */
export function ChangedDependencies({ comparison: { dependencies, dependencies_total: total } }: { comparison: Comparison }) {
  const columns = texts.dependencyColumns;
  return (
    <Panel
      title={texts.dependencies}
      note={dependencies.length < total ? texts.shown(dependencies.length, total) : total > 0 && formatCount(total)}
    >
      {total === 0 ? (
        <p className="text-dense text-muted">{texts.dependenciesNone}</p>
      ) : (
        <Table
          label={texts.dependencies}
          columns={[{ title: columns.name }, { title: columns.change }, { title: columns.before }, { title: columns.after }]}
        >
          {dependencies.map((each) => (
            <tr key={`${each.ecosystem}/${each.name}`} className={rowLook}>
              <Cell className="[overflow-wrap:anywhere]">
                <span className="font-medium">{visible(each.name)}</span>{" "}
                <span className="text-meta text-faint">
                  {each.ecosystem}
                  {each.direct && `, ${texts.direct}`}
                </span>
              </Cell>
              <Cell>{texts.changes[each.change] ?? each.change}</Cell>
              <Cell className="font-mono text-meta [overflow-wrap:anywhere]">{each.base.map(visible).join(", ") || "–"}</Cell>
              <Cell className="font-mono text-meta [overflow-wrap:anywhere]">{each.head.map(visible).join(", ") || "–"}</Cell>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}
