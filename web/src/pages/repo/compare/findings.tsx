import type { ComparedFindings, Comparison } from "@/api/types";
import { formatCount } from "@/lib/count";
import { formatPlace } from "@/lib/format";
import { compare as texts } from "@/texts/compare";
import { PlaceLink } from "@/ui/place-link";
import { Prose } from "@/ui/prose";
import { SeverityMark } from "@/ui/severity";
import { Cell, rowLook, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";

interface Props {
  comparison: Comparison;
  repo: string;
  /** Whose places can be opened: those of the newest analysis. */
  linked: { before: boolean; after: boolean };
}

/** What came, what went and what stayed. What stayed is folded: it is seldom what one came for. */
export function FindingChanges({ comparison, repo, linked }: Props) {
  const { moved, reopened, suppressed, not_compared: notCompared } = comparison;
  return (
    <div className="flex flex-col gap-4">
      <List which="new" found={comparison.new} repo={repo} linked={linked.after} notes={reopened > 0 ? [texts.reopened(reopened)] : []} />
      <List
        which="gone"
        found={comparison.gone}
        repo={repo}
        linked={linked.before}
        notes={[
          ...(suppressed > 0 ? [texts.suppressed(suppressed)] : []),
          ...(notCompared > 0 ? [texts.notCompared(notCompared)] : []),
        ]}
      />
      <List which="unchanged" found={comparison.unchanged} repo={repo} linked={linked.after} notes={moved > 0 ? [texts.moved(moved)] : []} />
    </div>
  );
}

interface ListProps {
  which: "new" | "gone" | "unchanged";
  found: ComparedFindings;
  repo: string;
  linked: boolean;
  notes: readonly string[];
}

function List({ which, found: { total, items }, repo, linked, notes }: ListProps) {
  const title = texts.lists[which];
  const { columns } = texts;
  const said = [...notes, ...(items.length < total ? [texts.shown(items.length, total)] : [])];
  return (
    <details open={which !== "unchanged" && total > 0} className="min-w-0">
      <summary className="w-fit cursor-pointer text-body font-semibold">
        {title} <span className="font-normal text-faint">{formatCount(total)}</span>
      </summary>
      <div className="mt-2 flex flex-col gap-2">
        {said.length > 0 && <p className="text-dense text-muted">{said.join(" · ")}</p>}
        {total === 0 ? (
          <p className="text-dense text-muted">{texts.none[which]}</p>
        ) : (
          <Table label={title} columns={[{ title: columns.severity, className: "w-24" }, { title: columns.finding }]}>
            {items.map((each) => (
              <tr key={each.id} className={rowLook}>
                <Cell>
                  <SeverityMark severity={each.severity} short />
                </Cell>
                <Cell className="min-w-0">
                  <p className="font-medium">
                    <Prose text={each.title} /> {each.in_test && <Tag>{texts.inTest}</Tag>}
                  </p>
                  <p className="text-muted [overflow-wrap:anywhere]">
                    <Prose text={each.message} />
                  </p>
                  {linked ? (
                    <PlaceLink repo={repo} span={each.span} />
                  ) : (
                    <span className="font-mono text-meta text-muted break-words">{formatPlace(each.span)}</span>
                  )}
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </div>
    </details>
  );
}
