import { Fragment } from "react";

import { visible } from "@/lib/visible";

/** A path that breaks after its slashes, so that a narrow column breaks no word. */
export function PathText({ path }: { path: string }) {
  return visible(path)
    .split(/(?<=\/)/)
    .map((part, index) => (
      <Fragment key={index}>
        {index > 0 && <wbr />}
        {part}
      </Fragment>
    ));
}
