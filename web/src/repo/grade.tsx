import type { GradePart, Quality } from "@/api/types";
import { formatTenth, shortCommit } from "@/lib/format";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";
import { overview as texts } from "@/texts/report";
import { PlaceLink } from "@/ui/place-link";
import { GradeBadge } from "@/ui/grade-badge";
import { CopyButton } from "@/ui/copy";
import { Popover } from "@/ui/popover";
import { Prose } from "@/ui/prose";
import { Cell, Table } from "@/ui/table";

const basis = (quality: Quality): string =>
  quality.score === null ? texts.noGrade : texts.gradeBasis(quality.score, quality.measured, quality.parts.length);

/** What a score lost beside its parts, because it is held below what they leave. */
const withheld = (quality: Quality): number =>
  100 - quality.parts.reduce((sum, part) => sum + (part.lost ?? 0), 0) - (quality.score ?? 0);

/** The grade, and on demand what produced it. */
export function GradeExplained({ quality, repo, commit }: { quality: Quality; repo: string; commit: string }) {
  const lost = (part: GradePart) => (part.lost === null ? common.notMeasured : `−${formatTenth(part.lost)}`);
  const text = [
    `${quality.grade ?? "–"} · ${basis(quality)} @ ${shortCommit(commit)}`,
    quality.formula,
    ...(quality.held ? [quality.held] : []),
    ...quality.parts.map((part) => `${texts.parts[part.part] ?? part.part}: ${lost(part)}`),
  ].join("\n");
  return (
    <Popover
      label={`${common.explain}: ${texts.grade}`}
      triggerLabel={`${common.explain}: ${texts.grade} ${quality.grade ?? common.notMeasured}, ${basis(quality)}`}
      triggerClass="flex items-center gap-3 rounded-card text-start"
      trigger={
        <>
          <GradeBadge grade={quality.grade} size="large" />
          <span className="explained text-dense text-muted">{basis(quality)}</span>
        </>
      }
      className="w-96 p-4"
    >
      {() => (
        <div className="flex flex-col gap-3 text-dense">
          <div className="flex items-center justify-between gap-2">
            <h3 className="font-semibold">{texts.grade}</h3>
            <CopyButton text={text} label={common.copyAsText} />
          </div>
          <p className="text-muted">{quality.formula}</p>
          {quality.held ? <p>{quality.held}</p> : null}
          <dl className="flex flex-col gap-1">
            {quality.parts.map((part) => (
              <div key={part.part} className="flex justify-between gap-4">
                <dt className={part.lost === null ? "text-faint" : ""}>{texts.parts[part.part] ?? part.part}</dt>
                <dd className={part.lost === null ? "text-faint" : "font-medium"} data-lost={part.lost ?? undefined}>
                  {lost(part)}
                </dd>
              </div>
            ))}
            {quality.held && quality.score !== null ? (
              <div className="flex justify-between gap-4">
                <dt>{texts.held}</dt>
                <dd className="font-medium" data-lost={withheld(quality)}>
                  −{formatTenth(withheld(quality))}
                </dd>
              </div>
            ) : null}
            <div className="flex justify-between gap-4 border-t border-line pt-1 font-semibold">
              <dt>{basis(quality)}</dt>
              <dd data-score={quality.score ?? undefined}>{quality.score ?? "–"}</dd>
            </div>
          </dl>
          <p className="text-meta text-faint">
            {visible(repo)} @ <code>{shortCommit(commit)}</code>
          </p>
        </div>
      )}
    </Popover>
  );
}

/** The table that produced the grade. Parts that were not measured are listed with the reason, and do not count. */
export function GradeTable({ quality, repo }: { quality: Quality; repo: string }) {
  const { columns } = texts;
  return (
    <Table
      label={texts.grade}
      columns={[
        { title: columns.part },
        { title: columns.measured },
        { title: columns.lost, numeric: true },
        { title: columns.worst, wide: true },
      ]}
    >
      {quality.parts.map((part) => (
        <tr key={part.part} className="border-b border-line align-top">
          <Cell className="whitespace-nowrap">
            <span className="font-medium">{texts.parts[part.part] ?? part.part}</span>
            <span className="block max-w-[26ch] text-meta whitespace-normal text-faint">{part.scale}</span>
          </Cell>
          <Cell className={part.measured ? "" : "text-faint"}>
            <Prose text={part.measured ?? part.missing ?? common.notMeasured} />
            {part.regain && (
              <span className="block text-meta text-faint">
                <Prose text={part.regain.charAt(0).toUpperCase() + part.regain.slice(1)} />
              </span>
            )}
            {part.worst.length > 0 && (
              <span className="mt-0.5 block @3xl:hidden">
                {part.worst.map((span) => (
                  <PlaceLink key={`${span.path}:${span.start}`} repo={repo} span={span} className="!block" />
                ))}
              </span>
            )}
          </Cell>
          <Cell numeric className={part.lost === null ? "text-faint" : ""}>
            {part.lost === null ? (
              "–"
            ) : (
              <>
                <span className={part.lost > 0 ? "font-medium" : "text-ok"}>{formatTenth(part.lost)}</span>
                {part.points !== null && <span className="text-faint"> {texts.ofPoints(formatTenth(part.points))}</span>}
              </>
            )}
          </Cell>
          <Cell wide className="w-56 max-w-56">
            {part.worst.map((span) => (
              <div key={`${span.path}:${span.start}`} className="truncate">
                <PlaceLink repo={repo} span={span} />
              </div>
            ))}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
