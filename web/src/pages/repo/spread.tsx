import type { Hotspots } from "@/api/types";
import { formatCount } from "@/lib/format";
import { hotspots as texts } from "@/texts/hotspots";
import { PathText } from "@/ui/path-text";
import { Cell, rowLook, Table } from "@/ui/table";

const PLACES = 3;

/** Code that stands in several places. */
export function Duplicates({ found }: { found: Hotspots }) {
  const { title, columns, basis, listed, renamed, more, empty } = texts.duplicates;
  const { duplicates, duplicates_total, duplicated_lines, compared_lines } = found;
  return (
    <section className="flex flex-col gap-2 pt-3">
      <h2 className="font-medium">{title}</h2>
      <p className="max-w-[90ch] text-dense text-muted">
        {duplicates.length === 0 ? empty : basis(duplicated_lines, compared_lines)}{" "}
        {duplicates.length < duplicates_total ? (
          <span className="text-faint">{listed(duplicates.length, duplicates_total)}</span>
        ) : null}
      </p>
      {duplicates.length > 0 && (
        <Table
          label={title}
          columns={[{ title: columns.lines, numeric: true }, { title: columns.places, numeric: true }, { title: columns.where }]}
        >
          {duplicates.map((each) => (
            <tr key={each.places.map((place) => `${place.path}:${place.start}`).join(" ")} className={rowLook}>
              <Cell numeric>{formatCount(each.lines)}</Cell>
              <Cell numeric>{formatCount(each.places_total)}</Cell>
              <Cell>
                <ul className="font-mono text-meta leading-5 break-words">
                  {each.places.slice(0, PLACES).map((place) => (
                    <li key={`${place.path}:${place.start}`}>
                      <PathText path={place.path} />:{place.start}–{place.end}
                    </li>
                  ))}
                </ul>
                <p className="text-meta text-faint">
                  {[each.places_total > PLACES ? more(each.places_total - PLACES) : "", each.exact ? "" : renamed]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

/** How the changes of each folder are spread over people. */
export function Ownership({ found }: { found: Hotspots }) {
  const { title, columns, basis, share, factor, root, empty } = texts.ownership;
  const rows = found.ownership;
  return (
    <section className="flex flex-col gap-2 pt-3">
      <h2 className="font-medium">{title}</h2>
      <p className="max-w-[90ch] text-dense text-muted">{rows.length === 0 ? empty : basis}</p>
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
                {each.folder ? <PathText path={each.folder} /> : root}
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
