import { useNavigate, useSearch } from "@tanstack/react-router";

import type { ArchitectureSearch } from "@/app/searches";
import { architecture as texts } from "@/texts/architecture";
import { fieldLook } from "@/ui/field";

import { SINCE } from "./narrow";

interface Props {
  /** Languages of the modules, the commonest first. */
  languages: readonly string[];
  /** How many layers there are. */
  layers: number;
  /** Whether it is known when modules changed. */
  dated: boolean;
  /** Whether any module is in a cycle. */
  cyclic: boolean;
}

/** Which modules are looked at, as the address says it. */
export default function Filters({ languages, layers, dated, cyclic }: Props) {
  const { language, layer, since, cycles } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/architecture" });
  const set = (change: { [K in keyof ArchitectureSearch]?: ArchitectureSearch[K] | undefined }) =>
    void navigate({
      search: (old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value)),
      replace: true,
      resetScroll: false,
    });
  const known = [...new Set([...languages, ...(language ? [language] : [])])];
  const all = Array.from({ length: Math.max(layers, layer ?? 0) }, (_, index) => index + 1);
  if (known.length < 2 && all.length < 2 && !dated && !cyclic && !cycles && !since) return null;
  return (
    <div data-filters className="flex flex-wrap items-center gap-x-4 gap-y-2 text-dense">
      {known.length > 1 && (
        <Choice label={texts.language} value={language ?? ""} onChange={(wanted) => set({ language: wanted || undefined })}>
          <option value="">{texts.anyLanguage}</option>
          {known.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
      )}
      {all.length > 1 && (
        <Choice label={texts.layer} value={layer ?? ""} onChange={(wanted) => set({ layer: Number(wanted) || undefined })}>
          <option value="">{texts.anyLayer}</option>
          {all.map((each) => (
            <option key={each} value={each}>
              {texts.layerOf(each, all.length)}
            </option>
          ))}
        </Choice>
      )}
      {(dated || since) && (
        <Choice label={texts.changed} value={since ?? ""} onChange={(wanted) => set({ since: Number(wanted) || undefined })}>
          <option value="">{texts.anyTime}</option>
          {[...new Set([...SINCE, ...(since ? [since] : [])])].map((each) => (
            <option key={each} value={each}>
              {texts.inDays(each)}
            </option>
          ))}
        </Choice>
      )}
      {(cyclic || cycles) && (
        <label className="tap flex items-center gap-2 text-muted">
          <input
            type="checkbox"
            className="size-3.5 accent-[var(--accent)]"
            checked={cycles === true}
            onChange={(event) => set({ cycles: event.target.checked || undefined })}
          />
          {texts.onlyCycles}
        </label>
      )}
    </div>
  );
}

function Choice({ label, value, onChange, children }: { label: string; value: string | number; onChange: (value: string) => void; children: React.ReactNode }) {
  return (
    <label className="flex items-center gap-2 text-muted max-sm:w-full max-sm:justify-between">
      {label}
      <select className={`${fieldLook} !w-auto max-sm:!w-56`} value={value} onChange={(event) => onChange(event.target.value)}>
        {children}
      </select>
    </label>
  );
}
