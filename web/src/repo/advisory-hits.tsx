import type { Dependency } from "@/api/types";
import { levelOf } from "@/repo/advisory-age";
import { useNow } from "@/lib/clock";
import { advisories as texts } from "@/texts/advisories";
import { dependencies } from "@/texts/dependencies";
import { SeverityMark } from "@/ui/severity";

/** The worst known vulnerability of a package, by its id; or what is known instead, and by when. */
export function Advisories({ dependency, asOf }: { dependency: Dependency; asOf: string | undefined }) {
  const now = useNow();
  const hits = dependency.advisories;
  if (hits === null) return <span className="text-muted">{dependencies.notChecked}</span>;
  const [worst] = hits;
  if (!worst) {
    if (!asOf || levelOf(asOf, now) === "fresh") return <span className="text-faint">{texts.none}</span>;
    return (
      <span className="text-muted sm:whitespace-nowrap" title={texts.noneByNote}>
        {texts.noneBy(asOf)}
      </span>
    );
  }
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <SeverityMark severity={worst.severity} />
      <code className="text-meta">{worst.id}</code>
      {hits.length > 1 && <span className="whitespace-nowrap text-muted">{dependencies.more(hits.length - 1)}</span>}
      <span className="whitespace-nowrap text-muted">{worst.fixed ? texts.fixedIn(worst.fixed) : texts.noFix}</span>
    </span>
  );
}
