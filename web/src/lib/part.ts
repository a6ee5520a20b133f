import { lazy } from "react";

import { patiently } from "@/api/reachable";

/** A part of a page that is fetched when it is first shown; while the server does not answer, it is waited for. */
export const part: typeof lazy = (load) => lazy(() => patiently(load));

/** Ends the task that runs, so that what follows is another one: to ask for a part takes the browser a while, and many do. */
const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve));

/**
 * A part that the page cannot do without once its data is there: it is fetched together with the data, instead of
 * before it with the page or after it when it is first shown.
 */
export const early: typeof lazy = (load) => {
  const loaded = nextTask().then(() => patiently(load));
  // Whoever shows it hears of a failure; until then nobody does.
  loaded.catch(() => undefined);
  return lazy(() => loaded);
};

/** Runs something once the browser has nothing else to do; Safari cannot say when, and gets it soon. */
const whenIdle = (run: () => void): unknown => ("requestIdleCallback" in globalThis ? requestIdleCallback(run) : setTimeout(run, 2000));

/**
 * A part that may be wanted at any moment: fetched when the browser is idle, or when it is shown if that is sooner.
 * Nobody waits for it while it is only fetched ahead, so that a failure then is nothing to anybody.
 */
export const idle: typeof lazy = (load) => {
  whenIdle(() => void load().catch(() => undefined));
  return part(load);
};
