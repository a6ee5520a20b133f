import { useNavigate, useSearch } from "@tanstack/react-router";

import { architecture as texts } from "@/texts/architecture";
import { fieldLook } from "@/ui/field";

interface Props {
  /** Languages of the modules, the commonest first. */
  languages: readonly string[];
  /** Whether any module is in a cycle. */
  cyclic: boolean;
}

/** Which modules are looked at, as the address says it. */
export default function Filters({ languages, cyclic }: Props) {
  const { language, cycles } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/architecture" });
  if (languages.length < 2 && !cyclic && !language && !cycles) return null;
  return (
    <div data-filters className="flex flex-wrap items-center gap-x-4 gap-y-2 text-dense">
      {(languages.length > 1 || language) && (
        <label className="flex items-center gap-2 text-muted">
          {texts.language}
          <select
            className={`${fieldLook} !w-auto`}
            value={language ?? ""}
            onChange={(event) => {
              const wanted = event.target.value;
              void navigate({ search: ({ language: _before, ...old }) => (wanted ? { ...old, language: wanted } : old), replace: true, resetScroll: false });
            }}
          >
            <option value="">{texts.anyLanguage}</option>
            {[...new Set([...languages, ...(language ? [language] : [])])].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      )}
      {(cyclic || cycles) && (
        <label className="tap flex items-center gap-2 text-muted">
          <input
            type="checkbox"
            className="size-3.5 accent-[var(--accent)]"
            checked={cycles === true}
            onChange={(event) => {
              const wanted = event.target.checked;
              void navigate({ search: ({ cycles: _before, ...old }) => (wanted ? { ...old, cycles: true as const } : old), replace: true, resetScroll: false });
            }}
          />
          {texts.onlyCycles}
        </label>
      )}
    </div>
  );
}
