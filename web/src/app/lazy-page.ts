import { lazyRouteComponent } from "@tanstack/react-router";

import { patiently } from "@/api/reachable";

/**
 * A page that is fetched when it is opened. Where the server cannot be reached it opens as soon as it can: the router
 * alone would reload the window, which leaves a person who is offline with the browser's own error page and without
 * what they had typed.
 */
export const lazyPage = <Module extends Record<string, unknown>, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
) => lazyRouteComponent(() => patiently(load), name);
