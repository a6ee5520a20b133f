import { Link } from "@tanstack/react-router";

import { sample } from "@/texts/sample";

/** Says, on every page of the sample, that it is one, and how to leave it. */
export default function SampleBar() {
  return (
    <p className="flex flex-wrap items-center justify-center gap-x-3 gap-y-0.5 bg-low-bg px-4 py-1 text-center text-meta text-low">
      <span>
        {sample.name}
        <span className="max-sm:hidden">{sample.bar}</span>
      </span>
      <Link to="/" className="font-semibold underline">
        {sample.own}
      </Link>
    </p>
  );
}
