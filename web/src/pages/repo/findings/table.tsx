import { Link } from "@tanstack/react-router";
import { EyeOff, Sparkle } from "lucide-react";

import type { Finding } from "@/api/types";
import { cx } from "@/lib/cx";
import { formatDay, formatPlace } from "@/lib/format";
import { visible } from "@/lib/visible";
import { peekText } from "@/lib/peek";
import { changedLook, useChanged } from "@/live/changed";
import type { Steady } from "@/live/steady";
import { advisories } from "@/texts/advisories";
import { findings as texts } from "@/texts/findings";
import { SeverityMark } from "@/ui/severity";
import { Tag } from "@/ui/tag";
import { Prose } from "@/ui/prose";
import { Bodies } from "@/ui/bodies";
import { PathText } from "@/ui/path-text";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";
import { Updates } from "@/ui/updates";

import type { Selection } from "./selection";

interface Props {
  steady: Steady<Finding>;
  total: number;
  selected: string | undefined;
  /** Nothing where rows cannot be chosen. */
  selection: Selection | undefined;
}

/** The findings of the pages that were read. Rows far from the window are not drawn. */
export default function FindingTable({ steady, total, selected, selection }: Props) {
  const columns = [
    ...(selection ? [{ title: texts.columns.choose, hidden: true, className: "w-8" }] : []),
    { title: texts.columns.severity },
    { title: texts.columns.message, main: true },
    { title: texts.columns.place, wide: true },
    { title: texts.columns.seen, numeric: true, roomy: true },
  ];
  return (
    <Updates steady={steady}>
      <Table label={texts.title} columns={columns} bodies rows={total + 1} choose="findings">
        <Bodies items={steady.shown} columns={columns.length}>
          {(finding, index) => (
            <FindingRow key={finding.id} finding={finding} index={index} current={finding.id === selected} selection={selection} />
          )}
        </Bodies>
      </Table>
    </Updates>
  );
}

interface RowProps {
  finding: Finding;
  index: number;
  current: boolean;
  selection: Selection | undefined;
}

function FindingRow({ finding, index, current, selection }: RowProps) {
  return (
    <tr className={cx(rowLook, useChanged(finding.id) && changedLook)} aria-rowindex={index + 2}>
      {selection && (
        <Cell className="w-8 !pe-0">
          {/* Above the link that covers the row. */}
          <input
            type="checkbox"
            className="relative z-1 mt-0.5 size-4 accent-[var(--accent)]"
            aria-label={texts.choose(finding.message.replaceAll("`", ""))}
            checked={selection.has(finding.id)}
            onChange={() => selection.toggle(finding.id)}
          />
        </Cell>
      )}
      <Cell className="sm:w-24">
        <SeverityMark severity={finding.severity} short />
      </Cell>
      <Cell>
        <Link
          data-row
          data-id={finding.id}
          to="."
          search={(search) => ({ ...search, peek: peekText({ kind: "finding", id: finding.id }) })}
          aria-current={current || undefined}
          resetScroll={false}
          className={`${rowLink} [overflow-wrap:anywhere]`}
        >
          <Prose text={finding.message} />
        </Link>
        <span className="mt-0.5 block font-mono text-meta text-muted break-words @3xl:hidden">
          <PathText path={formatPlace(finding.span)} />
        </span>
        <span className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-0.5 text-meta text-faint">
          <code className="[overflow-wrap:anywhere]">
            {finding.package ? [finding.package.advisory, ...finding.package.aliases].map(visible).join(" · ") : finding.rule}
          </code>
          {finding.package && <span>{finding.package.fixed ? advisories.fixedIn(finding.package.fixed) : advisories.noFix}</span>}
          {finding.in_test && <Tag>{finding.in_example ? texts.inExample : texts.inTest}</Tag>}
          {finding.new && <Tag tone="accent" icon={Sparkle}>{texts.isNew}</Tag>}
          {finding.suppressed && (
            <Tag tone={finding.suppressed.ended ? "medium" : "neutral"} icon={EyeOff}>
              {finding.suppressed.ended ? texts.suppress.endedTag : texts.suppress.tag}
            </Tag>
          )}
          {finding.state === "gone" && <Tag tone="ok">{texts.states["gone"]}</Tag>}
        </span>
      </Cell>
      <Cell wide className="max-w-60">
        <span className="block truncate font-mono text-meta text-muted text-left leading-5 [direction:rtl]" title={formatPlace(finding.span)}>
          <bdi>{formatPlace(finding.span)}</bdi>
        </span>
      </Cell>
      <Cell numeric roomy className="text-muted">
        {formatDay(finding.first_seen_at)}
      </Cell>
    </tr>
  );
}
