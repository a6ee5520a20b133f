import type { Facet } from "@/api/types";
import { cx } from "@/lib/cx";
import { formatCount } from "@/lib/count";
import { visible } from "@/lib/visible";

interface Props {
  title: string;
  facets: readonly Facet[];
  /** The chosen values. */
  chosen: readonly string[];
  name?: (value: string) => string;
  /** Whether one value stands at a time. */
  one?: boolean;
  onChange: (chosen: string[]) => void;
}

/** Values shown before the list is cut. */
const SHOWN = 8;

/** Values to filter by with their counts; several of one facet may be chosen. */
export default function FacetList({ title, facets, chosen, name = (value) => value, one = false, onChange }: Props) {
  if (facets.length === 0) return null;
  const listed = facets.filter((each, index) => index < SHOWN || chosen.includes(each.value));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-meta font-medium text-faint">{title}</legend>
      {listed.map((facet) => {
        const on = chosen.includes(facet.value);
        return (
          <label
            key={facet.value}
            className={cx(
              "tap flex items-center gap-2 rounded-control px-1.5 text-dense hover:bg-sunken has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus",
              on ? "font-medium text-text" : "text-muted",
            )}
          >
            <input
              type={one ? "radio" : "checkbox"}
              name={one ? title : undefined}
              checked={on}
              className="size-3.5 shrink-0 accent-[var(--accent)]"
              onChange={() => onChange(one ? [facet.value] : on ? chosen.filter((each) => each !== facet.value) : [...chosen, facet.value])}
            />
            <span className="truncate" title={visible(facet.value)}>
              {visible(name(facet.value))}
            </span>
            <span className="ms-auto text-faint">{formatCount(facet.count)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
