import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";

/** Code up to so many letters stays on one line, which has room for it everywhere. */
const SHORT = 24;

/** One sentence of a report. Text between backticks is code; nothing else is markup. */
export function Prose({ text }: { text: string }) {
  return text
    .split(/`([^`]+)`/)
    .map((part, index) =>
      index % 2 === 1 ? (
        <code
          key={index}
          className={cx("rounded-control bg-sunken box-decoration-clone px-1 py-px text-[0.92em] font-medium", part.length <= SHORT && "whitespace-nowrap")}
        >
          {visible(part)}
        </code>
      ) : (
        visible(part)
      ),
    );
}
