import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { SquareCheck } from "lucide-react";
import { Suspense, useState } from "react";

import { overviewQuery } from "@/api/queries";
import type { Hotspots } from "@/api/types";
import { SAMPLE, useWorkspace } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { formatCount } from "@/lib/count";
import type { CsvColumn } from "@/lib/csv";
import { formatAge, formatMoment } from "@/lib/format";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import ExplainFigure from "@/repo/explain";
import { type Absence, missed, without } from "@/repo/absence";
import { useSlug } from "@/repo/slug";
import { ACTIVE_DAYS, knownToNobody } from "@/repo/unknown";
import { hotspots } from "@/texts/hotspots";
import { transfer } from "@/texts/transfer";
import { Button } from "@/ui/button";
import { PartialTag } from "@/ui/partial-tag";
import { PathText } from "@/ui/path-text";
import { Cell, rowLook, rowRest, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";

import { People } from "./people";

const texts = hotspots.ownership;

const TransferDialog = part(() => import("./transfer"));
const TakeAlong = part(() => import("@/ui/take-along")) as typeof import("@/ui/take-along").default;

/** The folders as a table for spreadsheets. */
const COLUMNS: readonly CsvColumn<Hotspots["ownership"][number] & { main: string | null }>[] = [
  ["folder", (each) => each.folder],
  ["most_changes_by", (each) => each.main],
  ["share_percent", (each) => each.main_share],
  ["people", (each) => each.people],
  ["absence_factor", (each) => each.absence_factor],
  ["commits", (each) => each.commits],
  ["fixes", (each) => each.fixes],
  ["lines_of_code", (each) => each.code],
  ["last_change", (each) => each.last_change],
];

/** How the changes of each folder are spread over people, and what would be missed without some of them. */
export default function OwnershipList({ found }: { found: Hotspots }) {
  const { away = [] } = useSearch({ from: "/inside/w/$ws/repos/$repo/ownership" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/ownership" });
  const choose = (names: readonly string[]) =>
    void navigate({
      search: ({ away: _away, ...old }) => (names.length > 0 ? { ...old, away: [...names] } : old),
      replace: true,
      resetScroll: false,
    });
  const now = useNow();
  const slug = useSlug();
  const ws = useWorkspace();
  const [transferring, setTransferring] = useState(false);
  const factor = useQuery(overviewQuery(ws, slug)).data?.data.history.absence_factor ?? null;
  const lonely = knownToNobody(found);
  const folders = without(found, away);
  const shown = away.length > 0 ? missed(folders) : folders.filter(({ row }) => row.absence_factor === 1);
  const lines = shown.reduce((sum, { row }) => sum + row.code, 0);
  const { columns } = texts;
  return (
    <section className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start gap-2">
        <p className="max-w-[90ch] flex-1 text-dense text-muted">{folders.length === 0 ? texts.empty : texts.basis}</p>
        {folders.length > 0 && (
          <Suspense>
            <TakeAlong file={`${slug}-ownership`} columns={COLUMNS} rows={() => folders.map(({ row }) => ({ ...row, main: found.people[row.shares[0]?.person ?? -1]?.name ?? null }))} />
          </Suspense>
        )}
        <PartialTag reasons={found.meta.partial} />
      </div>
      {factor !== null && (
        <p className="flex items-center gap-1 text-dense">
          <span className="font-medium">{texts.whole(factor)}</span> <ExplainFigure figure="absence_factor" label={texts.columns.factor} className="-my-1" />
        </p>
      )}
      {!found.named && <p className="text-dense text-muted">{texts.unnamed}</p>}
      {found.people.length > 1 && <People people={found.people} away={away} onChange={choose} />}
      <p role="status" className="max-w-[90ch] text-dense">
        {away.length > 0
          ? texts.without(away.map(visible).join(", "), shown.length, folders.length, lines)
          : shown.length > 0 && texts.absence(shown.length, folders.length, lines)}
      </p>
      {away.length > 0 && shown.length > 0 && ws !== SAMPLE && (
        <Button icon={SquareCheck} className="self-start" onClick={() => setTransferring(true)}>
          {transfer.open(shown.length)}
        </Button>
      )}
      <Suspense>
        {transferring && <TransferDialog folders={shown} people={found.people} away={away} repo={slug} onClose={() => setTransferring(false)} />}
      </Suspense>
      {lonely.length > 0 && away.length === 0 && (
        <div className="rounded-card bg-medium-bg px-4 py-3 text-dense">
          <h2 className="font-medium text-medium">{texts.nobodyKnows(lonely.length)}</h2>
          <p className="text-muted">{texts.nobodyKnowsHint(ACTIVE_DAYS)}</p>
          <ul className="mt-1 flex flex-col gap-0.5">
            {lonely.map((row) => (
              <li key={row.folder} className="flex flex-wrap gap-x-3">
                <span className="font-mono text-meta leading-5 break-words">{row.folder ? <PathText path={row.folder} /> : texts.root}</span>
                <span className="text-meta leading-5 text-muted" title={formatMoment(row.last_change)}>
                  {texts.lonely(row.code, formatAge(row.last_change, now))}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {folders.length > 0 && (
        <Table
          label={texts.title}
          columns={[
            { title: columns.folder },
            { title: columns.who, wide: true },
            { title: columns.last, wide: true },
            { title: columns.commits, numeric: true },
            { title: columns.fixes, numeric: true, wide: true },
            { title: columns.factor, numeric: true, wide: true },
            { title: columns.code, numeric: true, wide: true },
          ]}
        >
          {folders.map((each) => (
            <FolderRow key={each.row.folder} folder={each} people={found.people} away={away} />
          ))}
        </Table>
      )}
    </section>
  );
}

/** Names beside a folder before the others are only counted. */
const NAMED = 3;

function FolderRow({ folder: { row, lost, next }, people, away }: { folder: Absence; people: Hotspots["people"]; away: readonly string[] }) {
  const now = useNow();
  const nameOf = (person: number) => people[person]?.name ?? "";
  const named = row.shares.slice(0, NAMED);
  const isMissed = missed([{ row, lost, next }]).length > 0;
  const knows = (
    <>
      <ul className="flex flex-wrap gap-x-3">
        {named.map((share) => (
          <li key={share.person} className={away.includes(nameOf(share.person)) ? "text-faint line-through" : ""} title={formatMoment(share.last_change)}>
            {visible(nameOf(share.person))}&nbsp;<span className="whitespace-nowrap text-faint">{texts.share(share.percent)}</span>
          </li>
        ))}
        {row.people > named.length && <li className="text-faint">{texts.others(row.people - named.length)}</li>}
      </ul>
      {isMissed && (
        <p className="text-meta text-muted">
          {next ? texts.next(visible(nameOf(next.person)), next.percent, formatAge(next.last_change, now)) : texts.nobody}
        </p>
      )}
    </>
  );
  return (
    <tr className={rowLook}>
      <Cell className="font-mono text-meta leading-5 break-words">
        {row.folder ? <PathText path={row.folder} /> : texts.root}{" "}
        <span className="font-sans">
          {isMissed ? <Tag tone="high">{texts.lost(lost)}</Tag> : away.length === 0 && row.absence_factor === 1 && <Tag tone="medium">{texts.onePerson}</Tag>}
        </span>
        <div className="mt-0.5 font-sans text-dense @3xl:hidden">{knows}</div>
        <span className={`${rowRest} font-sans`}>
          <span title={formatMoment(row.last_change)}>{texts.columns.last} {formatAge(row.last_change, now)}</span>
          <span>{texts.columns.fixes} {formatCount(row.fixes)}</span>
          <span>{texts.columns.factor} {texts.factor(row.absence_factor)}</span>
          <span>{texts.columns.code} {formatCount(row.code)}</span>
        </span>
      </Cell>
      <Cell wide>{knows}</Cell>
      <Cell wide className="whitespace-nowrap text-muted">
        <span title={formatMoment(row.last_change)}>{formatAge(row.last_change, now)}</span>
      </Cell>
      <Cell numeric>{formatCount(row.commits)}</Cell>
      <Cell numeric wide>
        {formatCount(row.fixes)}
      </Cell>
      <Cell numeric wide>
        {texts.factor(row.absence_factor)} <ExplainFigure figure="owners" of={row.folder} label={`${texts.columns.who}, ${row.folder ? visible(row.folder) : texts.root}`} className="-my-1" />
      </Cell>
      <Cell numeric wide className="text-muted">
        {formatCount(row.code)}
      </Cell>
    </tr>
  );
}
