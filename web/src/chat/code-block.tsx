import { visible } from "@/lib/visible";
import { answer as texts } from "@/texts/conversation";
import { CopyButton } from "@/ui/copy";

/** What a line of a difference says by its sign, in colour as well. */
const LOOKS: Readonly<Record<string, string>> = { "+": "bg-ok-bg text-ok", "-": "bg-critical-bg text-critical", "@": "text-faint" };

/** Code of an answer: as it is, to be copied. */
export function CodeBlock({ text, language }: { text: string; language: string }) {
  // What stands after the first word is for other programs.
  const name = visible(language.split(/\s/, 1)[0] ?? "").slice(0, 24);
  const different = name === "diff" || name === "patch";
  return (
    <figure className="min-w-0 overflow-clip rounded-card border border-line bg-sunken">
      <figcaption className="flex h-8 items-center justify-between ps-3 pe-1 text-meta text-faint">
        {name || texts.code}
        <CopyButton text={text} label={texts.copyCode} />
      </figcaption>
      <pre tabIndex={0} className="scroll-thin overflow-x-auto px-3 pb-2.5 font-mono text-meta leading-5 [overflow-wrap:normal]">
        {different ? text.split("\n").map((line, at) => <Line key={at} line={line} />) : visible(text)}
      </pre>
    </figure>
  );
}

const Line = ({ line }: { line: string }) => (
  <span className={`block min-h-5 ${LOOKS[line.charAt(0)] ?? ""}`}>{visible(line)}</span>
);
