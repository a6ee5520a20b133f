import { Link } from "@tanstack/react-router";

import type { Finding } from "@/api/types";
import { formatDay, formatPlace } from "@/lib/format";
import { visible } from "@/lib/visible";
import { peekText } from "@/lib/peek";
import { advisories } from "@/texts/advisories";
import { findings as texts } from "@/texts/findings";
import { SeverityMark } from "@/ui/severity";
import { Tag } from "@/ui/tag";
import { Prose } from "@/ui/prose";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";

/** The findings of the pages that were read. */
export default function FindingTable({ items, selected }: { items: readonly Finding[]; selected: string | undefined }) {
  return (
    <Table
      label={texts.title}
      columns={[
        { title: texts.columns.severity },
        { title: texts.columns.message },
        { title: texts.columns.place, wide: true },
        { title: texts.columns.seen, numeric: true, className: "hidden @5xl:table-cell" },
      ]}
    >
      {items.map((finding) => (
        <FindingRow key={finding.id} finding={finding} current={finding.id === selected} />
      ))}
    </Table>
  );
}

function FindingRow({ finding, current }: { finding: Finding; current: boolean }) {
  return (
    <tr className={rowLook}>
      <Cell className="w-24">
        <span className="hidden sm:inline">
          <SeverityMark severity={finding.severity} />
        </span>
        <span className="sm:hidden">
          <SeverityMark severity={finding.severity} short />
        </span>
      </Cell>
      <Cell>
        <Link
          data-row
          to="."
          search={(search) => ({ ...search, peek: peekText({ kind: "finding", id: finding.id }) })}
          aria-current={current || undefined}
          resetScroll={false}
          className={`${rowLink} [overflow-wrap:anywhere]`}
        >
          <Prose text={finding.message} />
        </Link>
        <span className="mt-0.5 block font-mono text-meta text-muted [overflow-wrap:anywhere] sm:hidden">{formatPlace(finding.span)}</span>
        <span className="mt-0.5 flex flex-wrap items-center gap-x-2 text-meta text-faint">
          <code className="[overflow-wrap:anywhere]">
            {finding.package ? [finding.package.advisory, ...finding.package.aliases].map(visible).join(" · ") : finding.rule}
          </code>
          {finding.package && <span>{finding.package.fixed ? advisories.fixedIn(finding.package.fixed) : advisories.noFix}</span>}
          {finding.in_test && <Tag>{texts.inTest}</Tag>}
          {finding.state === "gone" && <Tag tone="ok">{texts.states["gone"]}</Tag>}
        </span>
      </Cell>
      <Cell wide className="max-w-60">
        <span className="block truncate font-mono text-meta text-muted text-left leading-5 [direction:rtl]" title={formatPlace(finding.span)}>
          <bdi>{formatPlace(finding.span)}</bdi>
        </span>
      </Cell>
      <Cell numeric className="hidden text-muted @5xl:table-cell">
        {formatDay(finding.first_seen_at)}
      </Cell>
    </tr>
  );
}
