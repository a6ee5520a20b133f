import { CircleSlash2 } from "lucide-react";
import { Suspense } from "react";

import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";

const PartialList = part(() => import("./partial-list"));

/** The longest reason that is said on the tag itself. */
const SHORT = 56;

/** An amber tag that says what is missing, and opens the list when that is more than fits. */
export function PartialTag({ reasons }: { reasons: readonly string[] }) {
  const [first] = reasons;
  if (first === undefined) return null;
  const tag = "flex items-center gap-1 rounded-control bg-medium-bg px-1.5 py-0.5 text-meta font-medium text-medium";
  const icon = <CircleSlash2 size={12} aria-hidden className="shrink-0" />;
  if (reasons.length === 1 && first.length <= SHORT) {
    return (
      <span className={tag}>
        {icon}
        {common.partial(plain(first))}
      </span>
    );
  }
  const label = (
    <>
      {icon}
      {common.partial(reasons.length === 1 ? `${plain(first).slice(0, SHORT - 1)}…` : common.gaps(reasons.length))}
    </>
  );
  return (
    <Suspense fallback={<span className={tag}>{label}</span>}>
      <PartialList look={tag} label={label} reasons={reasons} />
    </Suspense>
  );
}

/** A sentence as a part of another one. */
const plain = (sentence: string): string => visible(sentence.replaceAll("`", "").replace(/\.$/, ""));
