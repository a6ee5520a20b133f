import { blocks, placeIn, type Block, type Inline } from "@/lib/rich-text";
import { visible } from "@/lib/visible";

import { PlaceLink } from "./place-link";

/** A note. Places in code open beside the page when the repository is known; nothing else becomes a link. */
export function RichText({ text, repo }: { text: string; repo: string | undefined }) {
  return (
    <div className="flex flex-col gap-2 [overflow-wrap:anywhere]">
      {blocks(text).map((block, index) => (
        <Piece key={index} block={block} repo={repo} />
      ))}
    </div>
  );
}

function Piece({ block, repo }: { block: Block; repo: string | undefined }) {
  switch (block.kind) {
    case "code":
      return (
        <pre tabIndex={0} className="scroll-thin overflow-x-auto rounded-card bg-sunken px-3 py-2 font-mono text-meta leading-5">
          {visible(block.text)}
        </pre>
      );
    case "list":
      return (
        <ul className="flex list-disc flex-col gap-1 ps-4">
          {block.items.map((item, each) => (
            <li key={each}>
              <Line content={item} repo={repo} />
            </li>
          ))}
        </ul>
      );
    case "heading":
      return (
        <p className="font-semibold text-text">
          <Line content={block.content} repo={repo} />
        </p>
      );
    case "paragraph":
      return (
        <p className="whitespace-pre-line">
          <Line content={block.content} repo={repo} />
        </p>
      );
  }
}

function Line({ content, repo }: { content: readonly Inline[]; repo: string | undefined }) {
  return content.map(({ kind, text }, index) => {
    if (kind === "text") return visible(text);
    if (kind === "bold") return <strong key={index} className="font-semibold text-text">{visible(text)}</strong>;
    const place = repo ? placeIn(text) : null;
    if (repo && place) return <PlaceLink key={index} repo={repo} span={place} />;
    return (
      <code key={index} className="rounded-control bg-sunken px-1 py-px text-[0.92em] font-medium">
        {visible(text)}
      </code>
    );
  });
}
