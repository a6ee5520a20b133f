import type { Analysis } from "@/api/types";
import { formatDay, formatMoment } from "@/lib/format";
import { stretches } from "@/repo/trend";
import { history as texts } from "@/texts/history";
import { Panel } from "@/ui/panel";

const WIDTH = 600;
const HEIGHT = 120;
const PAD = { left: 32, right: 12, top: 8, bottom: 8 };

const across = (x: number) => PAD.left + x * (WIDTH - PAD.left - PAD.right);
const down = (score: number) => PAD.top + (1 - score / 100) * (HEIGHT - PAD.top - PAD.bottom);

/** The line of the score over the runs. The table below it has every number. */
export default function Trend({ items }: { items: readonly Analysis[] }) {
  const lines = stretches(items);
  const points = lines.flat();
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return null;
  return (
    <Panel title={texts.trend} note={texts.trendNote}>
      <svg role="img" aria-label={texts.trendLabel(points.length, first.score, last.score)} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="h-auto w-full max-w-[920px]">
        {[0, 25, 50, 75, 100].map((score) => (
          <g key={score}>
            <line x1={PAD.left} x2={WIDTH - PAD.right} y1={down(score)} y2={down(score)} stroke="var(--line)" strokeWidth={1} />
            <text x={PAD.left - 6} y={down(score) + 3} textAnchor="end" fontSize={9} fill="var(--faint)">
              {score}
            </text>
          </g>
        ))}
        {points
          .filter((point) => point.otherRules)
          .map((point) => (
            <line
              key={point.analysis.id}
              x1={across(point.x)}
              x2={across(point.x)}
              y1={PAD.top}
              y2={HEIGHT - PAD.bottom}
              stroke="var(--muted)"
              strokeWidth={1}
              strokeDasharray="3 3"
            >
              <title>{texts.otherRules}</title>
            </line>
          ))}
        {lines.map((line) => (
          <polyline
            key={line[0]?.analysis.id}
            points={line.map((point) => `${across(point.x)},${down(point.score)}`).join(" ")}
            fill="none"
            stroke="var(--series-1)"
            strokeWidth={2}
          />
        ))}
        {points.map((point) => (
          <circle key={point.analysis.id} cx={across(point.x)} cy={down(point.score)} r={3.5} fill="var(--series-1)" stroke="var(--bg)">
            <title>{texts.pointAt(formatMoment(point.analysis.created_at), point.analysis.summary?.grade ?? null, point.score)}</title>
          </circle>
        ))}
      </svg>
      <p className="flex max-w-[920px] justify-between text-meta text-faint">
        <span>{formatDay(first.analysis.created_at)}</span>
        <span>{formatDay(last.analysis.created_at)}</span>
      </p>
    </Panel>
  );
}
