import type { Analysis } from "@/api/types";
import { cx } from "@/lib/cx";
import { formatMoment } from "@/lib/format";
import { run as texts } from "@/texts/run";
import { CopyButton } from "@/ui/copy";
import { Panel } from "@/ui/panel";
import { Prose } from "@/ui/prose";

import { entriesOf, offsetText } from "./entries";

/** What happened in a run, line by line, with the time since it was asked for. */
export default function Log({ analysis }: { analysis: Analysis }) {
  const entries = entriesOf(analysis);
  const text = [`${texts.log.title} ${analysis.id}, ${formatMoment(analysis.created_at)}`, ...entries.map((entry) => `${offsetText(entry.at).padStart(10)}  ${entry.what}`)];
  return (
    <Panel title={texts.log.title} note={texts.log.note} actions={<CopyButton text={text.join("\n")} label={texts.log.copy} />}>
      <ol className="rounded-card border border-line py-1 font-mono text-meta leading-5" aria-label={texts.log.title}>
        {entries.map((entry, index) => (
          <li key={index} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 px-3 py-0.5">
            <span className="text-end whitespace-nowrap text-faint">{offsetText(entry.at)}</span>
            <span className={cx("[overflow-wrap:anywhere]", entry.tone === "critical" ? "text-critical" : entry.tone === "ok" ? "text-ok" : "text-muted")}>
              <Prose text={entry.what} />
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
