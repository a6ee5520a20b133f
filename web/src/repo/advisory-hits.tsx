import type { Dependency } from "@/api/types";
import { dependencies as texts } from "@/texts/dependencies";
import { advisories } from "@/texts/advisories";
import { SeverityMark } from "@/ui/marks";

/** The worst known vulnerability of a package, and whether anybody looked. */
export function Advisories({ dependency }: { dependency: Dependency }) {
  const hits = dependency.advisories;
  if (hits === null) return <span className="text-faint">{texts.notChecked}</span>;
  const [worst] = hits;
  if (!worst) return <span className="text-faint">{texts.none}</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <SeverityMark severity={worst.severity} />
      <span className="text-muted">
        {hits.length > 1 && `${hits.length} · `}
        {worst.fixed ? advisories.fixedIn(worst.fixed) : worst.id}
      </span>
    </span>
  );
}
