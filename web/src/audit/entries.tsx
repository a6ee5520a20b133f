import { deviceOf } from "@/account/device";
import type { AuditEntry, Person } from "@/api/types";
import { formatMoment } from "@/lib/format";
import { visible } from "@/lib/visible";
import { auditList as texts } from "@/texts/audit-list";
import { Cell, rowLook, rowRest, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";

import { actName } from "./words";

interface Props {
  entries: readonly AuditEntry[];
  /** Who is known by which id. */
  known: ReadonlyMap<string, Person>;
}

/** One line for each act: when, who, what, about what, from where. */
export default function Entries({ entries, known }: Props) {
  return (
    <Table
      label={texts.title}
      columns={[
        { title: texts.columns.when, wide: true },
        { title: texts.columns.who, wide: true },
        { title: texts.columns.what },
        { title: texts.columns.about, wide: true },
        { title: texts.columns.from, wide: true },
      ]}
    >
      {entries.map((entry) => {
        const who = entry.actor ? visible(entry.actor.name) : <span className="text-faint">{texts.nobody}</span>;
        const from = [entry.place ? visible(entry.place) : texts.unknownPlace, deviceOf(entry.user_agent)].join(" · ");
        return (
          <tr key={entry.id} className={rowLook}>
            <Cell wide className="whitespace-nowrap text-muted">
              {formatMoment(entry.at)}
            </Cell>
            <Cell wide className="[overflow-wrap:anywhere]">
              {who}
            </Cell>
            <Cell>
              <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                <span className="font-medium">{actName(entry.action)}</span>
                {!entry.done && <Tag tone="high">{texts.refused}</Tag>}
              </span>
              <span className={rowRest}>
                <span>{who}</span>
                <span>{formatMoment(entry.at)}</span>
                <About entry={entry} known={known} />
                <span>{from}</span>
              </span>
            </Cell>
            <Cell wide className="text-muted">
              <About entry={entry} known={known} />
            </Cell>
            <Cell wide className="text-meta text-muted">
              {from}
            </Cell>
          </tr>
        );
      })}
    </Table>
  );
}

/** An id that says nothing to people. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

/** To what, and one more word: somebody by name, where they are known. */
function About({ entry: { object, detail }, known }: { entry: AuditEntry; known: ReadonlyMap<string, Person> }) {
  const person = object === null ? undefined : known.get(object);
  return (
    <span className="[overflow-wrap:anywhere]">
      {object !== null &&
        (person ? (
          visible(person.name)
        ) : ID.test(object) ? (
          <code className="text-meta text-faint" title={object}>
            …{object.slice(-8)}
          </code>
        ) : (
          <code className="text-meta">{visible(object)}</code>
        ))}
      {object !== null && detail !== "" && " · "}
      {visible(detail)}
    </span>
  );
}
