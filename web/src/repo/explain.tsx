import { useQuery } from "@tanstack/react-query";
import { CircleQuestionMark } from "lucide-react";
import type { ReactNode } from "react";

import { explainQuery } from "@/api/report";
import type { Explain, Meta } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { formatFact, formatMoment, shortCommit } from "@/lib/format";
import { visible } from "@/lib/visible";
import { useSlug } from "@/repo/slug";
import { common } from "@/texts/common";
import { explain as texts } from "@/texts/explain";
import { CopyButton } from "@/ui/copy";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Popover } from "@/ui/popover";
import { OriginMark } from "@/ui/proof-marks";
import { Prose } from "@/ui/prose";

interface Props {
  /** The figure, as the server names it. */
  figure: string;
  /** Its row, where there are several. */
  of?: string;
  /** What the page calls it. */
  label: string;
  /** The repository, where it is not that of the address. */
  repo?: string;
  className?: string;
  /** The figure itself, where it is what one presses; a question mark without it. */
  children?: ReactNode;
}

/** A figure, or the question mark beside it, that opens what is behind it: how it comes about, from what, about which time, and what is missing. */
export default function ExplainFigure({ figure, of, label, repo, className, children }: Props) {
  const name = `${common.explain}: ${label}`;
  return (
    <Popover
      label={name}
      {...(children === undefined ? { triggerLabel: name } : {})}
      triggerClass={
        children === undefined
          ? cx("inline-flex size-6 items-center justify-center rounded-control text-faint hover:bg-sunken hover:text-text pointer-coarse:size-11", className)
          : cx("explained min-h-6 rounded-control text-start hover:bg-sunken hover:text-text", className)
      }
      trigger={
        children === undefined ? (
          <CircleQuestionMark size={14} strokeWidth={1.75} aria-hidden />
        ) : (
          <>
            <span className="sr-only">{name}, </span>
            {children}
          </>
        )
      }
      className="scroll-thin max-h-[70vh] min-h-40 w-80 overflow-y-auto p-4"
    >
      {() => <Behind figure={figure} of={of} label={label} repo={repo} />}
    </Popover>
  );
}

function Behind({ figure, of, label, repo }: Pick<Props, "figure" | "label"> & { of: string | undefined; repo: string | undefined }) {
  const here = useSlug();
  const query = useQuery(explainQuery(useWorkspace(), repo ?? here, figure, of));
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={4} height="h-5" />}>
      {({ data, meta }) => <Explained explain={data} meta={meta} label={label} />}
    </Loaded>
  );
}

/** "1420" -> "1,420"; everything else as the server says it. */
const figureText = (value: string): string => formatFact(`${value} x`).slice(0, -2);

/** The explanation as text that can be taken along. */
export function explanation({ value, formula, inputs, window, missing }: Explain, label: string, meta: Meta): string {
  return [
    `${label}: ${value === null ? common.notMeasured : figureText(value)}${meta.commit ? ` @ ${shortCommit(meta.commit)}` : ""}`,
    formula,
    ...inputs.map((input) => `${input.name}: ${figureText(input.value)}`),
    ...(window === null ? [] : [`${texts.window}: ${window}`]),
    ...missing,
  ].join("\n");
}

function Explained({ explain, meta, label }: { explain: Explain; meta: Meta; label: string }) {
  const { of, value, formula, inputs, window, missing, origin } = explain;
  return (
    <div className="flex flex-col gap-3 text-dense">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h3 className="font-semibold">{label}</h3>
          {of !== null && <p className="font-mono text-meta text-faint [overflow-wrap:anywhere]">{visible(of)}</p>}
        </div>
        <CopyButton text={explanation(explain, label, meta)} label={common.copyAsText} />
      </div>
      <p className="text-section font-semibold">{value === null ? common.notMeasured : figureText(value)}</p>
      <p className="text-muted">
        <Prose text={formula} />
      </p>
      <dl aria-label={texts.madeOf} className="flex flex-col gap-1">
        {inputs.map((input) => (
          <div key={input.name} className="flex justify-between gap-4">
            <dt className="text-muted">{input.name}</dt>
            <dd className="font-medium [overflow-wrap:anywhere]">{figureText(visible(input.value))}</dd>
          </div>
        ))}
        {window !== null && (
          <div className="flex justify-between gap-4">
            <dt className="text-muted">{texts.window}</dt>
            <dd className="text-end">{window}</dd>
          </div>
        )}
      </dl>
      <div>
        <h4 className="text-meta font-medium text-faint">{texts.missing}</h4>
        {missing.length === 0 ? (
          <p className="text-muted">{texts.nothing}</p>
        ) : (
          <ul className="list-disc ps-4 text-muted">
            {missing.map((each) => (
              <li key={each}>
                <Prose text={each} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <p className="flex flex-wrap items-baseline gap-x-3 text-meta text-faint">
        <OriginMark origin={origin} />
        <span title={formatMoment(meta.as_of)}>{meta.commit && <code>{texts.at(shortCommit(meta.commit))}</code>}</span>
      </p>
    </div>
  );
}
