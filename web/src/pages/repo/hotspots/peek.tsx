import type { Hotspot } from "@/api/types";
import { formatCount } from "@/lib/count";
import { visible } from "@/lib/visible";
import { Peek } from "@/peek/peek";
import { hotspots as texts } from "@/texts/hotspots";
import { PlaceLink } from "@/ui/place-link";
import { Section } from "@/ui/section";

/** One hotspot: its figures, and the files that change together with it. */
export default function HotspotPeek({ hotspot, repo }: { hotspot: Hotspot; repo: string }) {
  const facts: [string, number][] = [
    [texts.columns.commits, hotspot.commits],
    [texts.columns.fixes, hotspot.fixes],
    [texts.columns.authors, hotspot.authors],
    [texts.columns.changed, hotspot.changed_lines],
    [texts.columns.complexity, hotspot.complexity],
    [texts.columns.code, hotspot.code],
    [texts.columns.score, hotspot.score],
  ];
  return (
    <Peek
      label={hotspot.path}
      title={<h2 className="truncate text-dense font-semibold">{visible(hotspot.path.slice(hotspot.path.lastIndexOf("/") + 1))}</h2>}
    >
      <div className="flex flex-col gap-5 p-4 text-dense">
        <PlaceLink repo={repo} span={{ path: hotspot.path, start: 0, end: 0 }} />
        <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-card border border-line bg-line">
          {facts.map(([name, value]) => (
            <div key={name} className="bg-bg p-2.5">
              <dt className="text-meta text-faint">{name}</dt>
              <dd className="font-semibold">{formatCount(value)}</dd>
            </div>
          ))}
        </dl>
        <Section title={texts.coupled}>
          {hotspot.coupled.length === 0 ? (
            <p className="text-muted">{texts.noCoupling}</p>
          ) : (
            <ul className="flex flex-col gap-1">
              {hotspot.coupled.map((each) => (
                <li key={each.path} className="flex items-baseline justify-between gap-3">
                  <PlaceLink repo={repo} span={{ path: each.path, start: 0, end: 0 }} className="min-w-0" />
                  <span className="shrink-0 text-muted">{texts.coupledIn(each.together, each.of)}</span>
                </li>
              ))}
            </ul>
          )}
        </Section>
      </div>
    </Peek>
  );
}
