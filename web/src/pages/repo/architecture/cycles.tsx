import { architecture as texts } from "@/texts/architecture";
import { PlaceLink } from "@/ui/place-link";

/** Files that import each other in a circle. */
export default function Cycles({ cycles, repo }: { cycles: readonly (readonly string[])[]; repo: string }) {
  return (
    <section>
      <h2 className="mb-2 mt-3 text-body font-semibold">{texts.cycles}</h2>
      <ol className="flex flex-col gap-2">
        {cycles.map((cycle) => (
          <li key={cycle.join("\n")} className="flex flex-wrap gap-x-2 rounded-card border border-line px-3 py-2">
            {cycle.map((path, index) => (
              <span key={path} className="inline-flex min-w-0 items-baseline gap-2">
                {index > 0 && (
                  <span aria-hidden className="text-faint">
                    ↔
                  </span>
                )}
                <PlaceLink repo={repo} span={{ path, start: 0, end: 0 }} />
              </span>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
