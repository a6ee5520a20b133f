import { cx } from "@/lib/cx";
import { SAMPLE_SOURCE } from "@/repo/sample";
import { sample } from "@/texts/sample";
import { visible } from "@/lib/visible";

/** A folder or address on one line. Cut at its beginning, because its end tells it from the others. */
export function Location({ text, className }: { text: string; className?: string }) {
  if (text === SAMPLE_SOURCE) return <span className={cx("block truncate text-meta text-faint", className)}>{sample.place}</span>;
  return (
    <span className={cx("block truncate text-left text-meta text-faint [direction:rtl]", className)} title={visible(text)}>
      <bdi>{visible(text)}</bdi>
    </span>
  );
}
