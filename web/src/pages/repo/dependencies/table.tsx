import { Link } from "@tanstack/react-router";

import type { Dependency, DependencyPage } from "@/api/types";
import { formatCount } from "@/lib/count";
import { visible } from "@/lib/visible";
import { peekText } from "@/lib/peek";
import { asOfFor, type Knowledge } from "@/repo/advisory-age";
import { Advisories } from "@/repo/advisory-hits";
import AdvisoryNote from "@/repo/advisory-note";
import { useKnowledge } from "@/repo/knowledge";
import { advisories } from "@/texts/advisories";
import { dependencies as texts } from "@/texts/dependencies";
import { PathText } from "@/ui/path-text";
import { Cell, rowLink, rowLook, rowRest, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";

import { idOf } from "./package-id";

/** What the knowledge about the packages of a page is worth, by ecosystem. */
const usePageKnowledge = ({ advisories: check, meta, ecosystems }: DependencyPage) =>
  useKnowledge(check, meta.as_of, ecosystems.map((each) => each.value));

/** The packages of a page, below how much the answers about them are worth. */
export default function PackageTable({ page, items, selected }: { page: DependencyPage; items: readonly Dependency[]; selected: Dependency | undefined }) {
  const { known, newer } = usePageKnowledge(page);
  // Most lockfiles do not state licences: a column of nothing is no column.
  const licensed = items.some((each) => each.license !== null);
  const imported = items.some((each) => each.imported_by !== null);
  return (
    <div className="flex flex-col gap-3">
      <Trust page={page} known={known} newer={newer} />
      <Table
        label={texts.title}
        choose="dependencies"
        columns={[
          { title: texts.columns.name, main: true },
          { title: texts.columns.version },
          { title: texts.columns.scope, wide: true },
          { title: texts.columns.via, wide: true },
          ...(imported ? [{ title: texts.columns.imported, numeric: true, wide: true }] : []),
          ...(licensed ? [{ title: texts.columns.license, wide: true }] : []),
          { title: texts.columns.advisories, wide: true },
        ]}
      >
        {items.map((each) => (
          <DependencyRow
            key={idOf(each)}
            dependency={each}
            licensed={licensed}
            imported={imported}
            asOf={asOfFor(known, each.ecosystem)}
            current={each === selected}
          />
        ))}
      </Table>
    </div>
  );
}

/** How much the last column can be trusted: always above the table, so that an empty cell is never misread. */
function Trust({ page, known, newer }: { page: DependencyPage; known: readonly Knowledge[]; newer: boolean }) {
  const check = page.advisories;
  // Without a look-up nothing is covered: saying it for each ecosystem would only repeat that.
  const limits = check.state === "not_checked" ? [] : [
    ...(check.uncovered.length > 0 ? [advisories.uncovered(check.uncovered.join(", "))] : []),
    ...(check.unpinned > 0 ? [advisories.unpinned(check.unpinned)] : []),
  ];
  return (
    <AdvisoryNote check={check} known={known} newer={newer}>
      {limits.map((limit) => (
        <p key={limit} className="text-muted">
          {limit}
        </p>
      ))}
    </AdvisoryNote>
  );
}

function DependencyRow({
  dependency,
  licensed,
  imported,
  asOf,
  current,
}: {
  dependency: Dependency;
  licensed: boolean;
  imported: boolean;
  asOf: string | undefined;
  current: boolean;
}) {
  return (
    <tr className={rowLook}>
      <Cell className="@max-3xl:w-full">
        <Link
          data-row
          to="."
          search={(search) => ({ ...search, peek: peekText({ kind: "dependency", id: idOf(dependency) }) })}
          aria-current={current || undefined}
          resetScroll={false}
          className={`${rowLink} break-words`}
        >
          <PathText path={dependency.name} />
        </Link>{" "}
        <span className="whitespace-nowrap text-meta text-faint">
          {dependency.ecosystem}
          {dependency.direct && <span className="@3xl:hidden"> · {texts.isDirect}</span>}
        </span>
        <span className={rowRest}>
          {/* What is known of a vulnerability takes a line of its own. */}
          <span className={dependency.advisories?.length ? "w-full after:!hidden" : undefined}>
            <span className="sr-only">{texts.columns.advisories}: </span>
            <Advisories dependency={dependency} asOf={asOf} />
          </span>
          <span>{texts.scopes[dependency.scope]}</span>
          {dependency.imported_by !== null && <span>{texts.importedBy(dependency.imported_by)}</span>}
          {dependency.license && <span>{texts.columns.license}: {visible(dependency.license)}</span>}
        </span>
      </Cell>
      <Cell className="whitespace-nowrap font-mono text-meta leading-5">
        {dependency.version ? (
          visible(dependency.version)
        ) : (
          <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            {dependency.requirement && <span className="max-w-40 truncate text-faint" title={visible(dependency.requirement)}>{visible(dependency.requirement)}</span>}
            <Tag tone="medium">{texts.unpinned}</Tag>
          </span>
        )}
      </Cell>
      <Cell wide className="text-muted">
        {texts.scopes[dependency.scope]}
      </Cell>
      <Cell wide className="max-w-56 text-muted [overflow-wrap:anywhere]">
        {dependency.direct ? texts.isDirect : dependency.via.length > 0 ? texts.throughFirst(visible(dependency.via[0] ?? "")) : texts.isThrough}
      </Cell>
      {imported && (
        <Cell numeric wide className="text-muted">
          {dependency.imported_by === null ? null : dependency.imported_by === 0 ? <span className="text-faint">{texts.noImport}</span> : formatCount(dependency.imported_by)}
        </Cell>
      )}
      {licensed && (
        <Cell wide className="text-muted">
          {dependency.license ? visible(dependency.license) : <span className="text-faint">{texts.noLicense}</span>}
        </Cell>
      )}
      <Cell wide>
        <Advisories dependency={dependency} asOf={asOf} />
      </Cell>
    </tr>
  );
}
