import type { Language, Technology } from "@/api/types";
import { plural } from "@/lib/count";
import { formatBytes, formatPercent } from "@/lib/format";
import { visible } from "@/lib/visible";
import ExplainFigure from "@/repo/explain";
import { overview as texts } from "@/texts/report";
import { PlaceLink } from "@/ui/place-link";
import { Panel } from "@/ui/panel";

/** Languages that get a colour of their own; the rest share the last one. */
const COLOURED = 6;

/** Shares by bytes: a bar, and the same numbers as a list. */
export function Languages({ languages }: { languages: readonly Language[] }) {
  // The server rounds its shares; what is small is told from what is nothing by the bytes.
  const total = languages.reduce((sum, each) => sum + each.bytes, 0);
  const share = (language: Language) => (total > 0 ? (100 * language.bytes) / total : language.percent);
  const colour = (index: number) => (index < COLOURED ? `var(--series-${index + 1})` : "var(--control)");
  return (
    <Panel title={texts.languages}>
      {languages.length === 0 ? (
        <p className="text-dense text-muted">{texts.noLanguages}</p>
      ) : (
        <>
          <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-full">
            {languages.map((language, index) => (
              <div key={language.name} style={{ flexGrow: share(language), background: colour(index) }} />
            ))}
          </div>
          <ul className="mt-2.5 flex flex-col gap-1 text-dense">
            {languages.map((language, index) => (
              <li key={language.name} className="flex items-center gap-2">
                <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: colour(index) }} />
                <span className="truncate">{visible(language.name)}</span>
                <span className="ms-auto whitespace-nowrap text-faint" title={formatBytes(language.bytes)}>
                  {plural(language.files, "file", "files")}
                </span>
                <span className="w-16 whitespace-nowrap text-end text-muted">{formatPercent(share(language))}</span>
                <ExplainFigure figure="language" of={language.name} label={texts.explain.share(visible(language.name))} className="-me-1" />
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

/** What is in use, each with the place that proves it. */
export function Stack({ stack, repo }: { stack: readonly Technology[]; repo: string }) {
  const categories = [...new Set(stack.map((each) => each.category))];
  return (
    <Panel title={texts.stack}>
      {stack.length === 0 ? (
        <p className="text-dense text-muted">{texts.noStack}</p>
      ) : (
        <dl className="flex flex-col gap-3 text-dense">
          {categories.map((category) => (
            <div key={category}>
              <dt className="mb-1 text-meta text-faint">{texts.categories[category] ?? category}</dt>
              <dd className="flex flex-col gap-0.5">
                {stack
                  .filter((each) => each.category === category)
                  .map((each) => (
                    <div key={each.name} className="flex min-h-6 items-center justify-between gap-3">
                      <span className="shrink-0">{visible(each.name)}</span>
                      {each.evidence[0] && <PlaceLink repo={repo} span={each.evidence[0]} className="min-w-0" />}
                    </div>
                  ))}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
