import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { useState } from "react";

import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { start } from "@/texts/start";

const STEPS = ["source", "select", "progress", "results"] as const;

/** The steps of the wizard around its pages. */
export function StartFrame() {
  const ws = useWorkspace();
  const path = useLocation({ select: (location) => location.pathname });
  // A folder and an address leave nothing to choose: the step is there for who has come to it.
  const [chose, setChose] = useState(false);
  if (path.endsWith("select") && !chose) setChose(true);
  const steps = STEPS.filter((step) => step !== "select" || chose);
  const at = steps.findIndex((step) => path.endsWith(step));
  return (
    <div className="@container">
      <div className="mx-auto flex w-full max-w-[1040px] flex-col gap-6 p-4 sm:p-6 @3xl:flex-row @3xl:gap-10 @3xl:py-10">
      <nav aria-label={start.steps} className="@3xl:w-40 @3xl:shrink-0">
        <ol className="flex flex-wrap gap-x-4 gap-y-1 @3xl:flex-col">
          {steps.map((step, index) => (
            <li
              key={step}
              aria-current={index === at ? "step" : undefined}
              className={cx("flex items-center gap-2 py-1 text-dense", index === at ? "font-medium text-text" : "text-faint")}
            >
              <span
                aria-hidden
                className={cx(
                  "flex size-5 items-center justify-center rounded-full text-meta font-medium",
                  index === at ? "bg-accent text-on-accent" : index < at ? "bg-ok-bg text-ok" : "bg-sunken text-faint",
                )}
              >
                {index < at ? <Check size={12} /> : index + 1}
              </span>
              {start.step[step]}
            </li>
          ))}
        </ol>
        {!path.endsWith("results") && (
          <Link
            to="/w/$ws/repos"
            params={{ ws }}
            className="mt-3 inline-block text-dense text-muted underline underline-offset-2 hover:text-text @max-3xl:hidden"
          >
            {start.skip}
          </Link>
        )}
      </nav>
      <div className="min-w-0 flex-1">
        <Outlet />
      </div>
      </div>
    </div>
  );
}
