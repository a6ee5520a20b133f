import type { Hotspots, Span } from "@/api/types";
import { formatCount } from "@/lib/count";
import { hotspots as texts } from "@/texts/hotspots";
import ExplainFigure from "@/repo/explain";
import { useSlug } from "@/repo/slug";
import { PlaceLink } from "@/ui/place-link";
import { Cell, rowLook, Table } from "@/ui/table";

const PLACES = 3;

/** Code that stands in several places, outside tests and, for those who ask, in them. */
export default function Duplicates({ found }: { found: Hotspots }) {
  const { title, basis, listed, empty, tests, testsHint } = texts.duplicates;
  const { duplicates, duplicates_total, duplicated_lines, compared_lines } = found;
  return (
    <section className="flex flex-col gap-2 pt-3">
      <h2 className="flex items-center gap-1 font-medium">
        {title} <ExplainFigure figure="duplicates" label={title} />
      </h2>
      <p className="max-w-[90ch] text-dense text-muted">
        {duplicates.length === 0 ? empty : basis(duplicated_lines, compared_lines)}{" "}
        {duplicates.length < duplicates_total ? (
          <span className="text-faint">{listed(duplicates.length, duplicates_total)}</span>
        ) : null}
      </p>
      {duplicates.length > 0 && <Groups label={title} groups={duplicates} />}
      {found.test_duplicates.length > 0 && (
        <details>
          <summary className="w-fit cursor-pointer text-dense text-muted">{tests(found.test_duplicated_lines, found.test_compared_lines)}</summary>
          <p className="my-2 max-w-[90ch] text-dense text-muted">
            {testsHint}{" "}
            {found.test_duplicates.length < found.test_duplicates_total && (
              <span className="text-faint">{listed(found.test_duplicates.length, found.test_duplicates_total)}</span>
            )}
          </p>
          <Groups label={tests(found.test_duplicated_lines, found.test_compared_lines)} groups={found.test_duplicates} />
        </details>
      )}
    </section>
  );
}

function Groups({ label, groups }: { label: string; groups: Hotspots["duplicates"] }) {
  const slug = useSlug();
  const { columns, renamed, more, notListed } = texts.duplicates;
  return (
    <Table
      label={label}
      columns={[{ title: columns.lines, numeric: true }, { title: columns.places, numeric: true }, { title: columns.where }]}
    >
      {groups.map((each) => (
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
