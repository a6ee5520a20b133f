import type { IconNode, LucideProps } from "lucide-react";
import { createElement, forwardRef } from "react";

/** What the icon files of lucide hold: the name, and the shapes on a square of 24. */
interface IconData {
  name: string;
  node: IconNode;
}

/** A size in pixels as one that follows the reader's size of text; at the usual one the root is 14 px. */
const grown = (size: string | number): string => `${Math.round((Number(size) * 10_000) / 14) / 10_000}rem`;

/**
 * Takes the place of lucide's own maker of icons (`vite.config.ts`), which would be a third of what the icons of a
 * first visit weigh. It knows what this app asks of an icon: a size, a line width, attributes of the `svg`.
 */
export default function createIcon({ name, node }: IconData) {
  const Icon = forwardRef<SVGSVGElement, LucideProps>(({ size = 24, color = "currentColor", ...rest }, ref) =>
    createElement(
      "svg",
      {
        ref,
        width: grown(size),
        height: grown(size),
        viewBox: "0 0 24 24",
        fill: "none",
        stroke: color,
        strokeWidth: 2,
        strokeLinecap: "round",
        strokeLinejoin: "round",
        // An icon that says nothing is passed over.
        "aria-hidden": !rest["aria-label"],
        ...rest,
      },
      node.map(([shape, attributes]) => createElement(shape, attributes)),
    ),
  );
  Icon.displayName = name;
  return Icon;
}
