import type { Hotspots, Span } from "@/api/types";
import { formatCount } from "@/lib/format";
import { hotspots as texts } from "@/texts/hotspots";
import { useSlug } from "@/repo/slug";
import { Tag } from "@/ui/marks";
import { PathText } from "@/ui/path-text";
import { PlaceLink } from "@/ui/place-link";
import { Cell, rowLook, Table } from "@/ui/table";

const PLACES = 3;

/** Code that stands in several places. */
export function Duplicates({ found }: { found: Hotspots }) {
  const slug = useSlug();
  const { title, columns, basis, listed, renamed, more, notListed, empty } = texts.duplicates;
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
                <Places repo={slug} places={each.places.slice(0, PLACES)} />
                {each.places.length > PLACES && (
                  <details className="text-meta text-faint">
                    <summary className="w-fit cursor-pointer">{more(each.places.length - PLACES)}</summary>
                    <Places repo={slug} places={each.places.slice(PLACES)} />
                  </details>
                )}
                <p className="text-meta text-faint">
                  {[each.places_total > each.places.length ? notListed(each.places_total - each.places.length) : "", each.exact ? "" : renamed]
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

/** Places of the analysed commit; each opens beside the page. */
function Places({ repo, places }: { repo: string; places: readonly Span[] }) {
  return (
    <ul className="flex min-w-0 flex-col">
      {places.map((place) => (
        <li key={`${place.path}:${place.start}`} className="min-w-0">
          <PlaceLink repo={repo} span={place} className="!whitespace-normal [overflow-wrap:anywhere]" />
        </li>
      ))}
    </ul>
  );
}

/** How the changes of each folder are spread over people. */
export function Ownership({ found }: { found: Hotspots }) {
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
