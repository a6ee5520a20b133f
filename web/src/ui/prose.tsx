import { visible } from "@/lib/visible";

/** One sentence of a report. Text between backticks is code; nothing else is markup. */
export function Prose({ text }: { text: string }) {
  return text
    .split(/`([^`]+)`/)
    .map((part, index) =>
      index % 2 === 1 ? (
        <code key={index} className="rounded-control bg-sunken px-1 py-px text-[0.92em] font-medium">
          {visible(part)}
        </code>
      ) : (
        visible(part)
      ),
    );
}
