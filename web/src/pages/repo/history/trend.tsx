import type { Analysis } from "@/api/types";
import { formatDay, formatMoment } from "@/lib/format";
import { stretches } from "@/repo/trend";
import { history as texts } from "@/texts/history";
import { Panel } from "@/ui/panel";

/** The drawing is stretched to the width there is: units are thousandths of it, and hundredths of the height. */
const WIDTH = 1000;
const EDGE = 12;

const across = (x: number) => EDGE + x * (WIDTH - 2 * EDGE);
const down = (score: number) => 100 - score;

const MARKS = [100, 75, 50, 25, 0];

/** The line of the score over the runs. The table below it has every number. */
export default function Trend({ items }: { items: readonly Analysis[] }) {
  const lines = stretches(items);
  const points = lines.flat();
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return null;
  return (
    <Panel title={texts.trend} note={texts.trendNote}>
      <div className="flex max-w-[920px] gap-2 py-2">
        <div aria-hidden className="flex h-32 flex-col justify-between text-end text-meta leading-none text-faint [&>span]:-my-1.5">
          {MARKS.map((score) => (
            <span key={score}>{score}</span>
          ))}
        </div>
        <svg
          role="img"
          aria-label={texts.trendLabel(points.length, first.score, last.score)}
          viewBox={`0 0 ${WIDTH} 100`}
          preserveAspectRatio="none"
          className="h-32 min-w-0 flex-1 overflow-visible [&_*]:[vector-effect:non-scaling-stroke]"
          fill="none"
          stroke="var(--series-1)"
        >
          {MARKS.map((score) => (
            <line key={score} x1={0} x2={WIDTH} y1={down(score)} y2={down(score)} stroke="var(--line)" strokeWidth={1} />
          ))}
          {points.map(
            ({ analysis, x, breaks }) =>
              breaks && (
                <line key={analysis.id} x1={across(x)} x2={across(x)} y1={0} y2={100} stroke="var(--muted)" strokeWidth={1} strokeDasharray="3 3">
                  <title>{texts.breaks[breaks]}</title>
                </line>
              ),
          )}
          {lines.map((line) => (
            <polyline key={line[0]?.analysis.id} points={line.map((point) => `${across(point.x)},${down(point.score)}`).join(" ")} strokeWidth={2} />
          ))}
          {/* A line without a length and with round ends is a dot, however the drawing is stretched. */}
          {points.map(({ analysis, x, score }) => (
            <path key={analysis.id} d={`M${across(x)} ${down(score)}h0`} strokeWidth={8} strokeLinecap="round">
              <title>{texts.pointAt(formatMoment(analysis.created_at), analysis.summary?.grade ?? null, score)}</title>
            </path>
          ))}
        </svg>
      </div>
      <p className="flex max-w-[920px] justify-between ps-7 text-meta text-faint">
        <span>{formatDay(first.analysis.created_at)}</span>
        <span>{formatDay(last.analysis.created_at)}</span>
      </p>
    </Panel>
  );
}
