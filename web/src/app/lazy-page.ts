import { lazyRouteComponent } from "@tanstack/react-router";

import { patiently } from "@/api/reachable";

/** A page that is fetched when it is opened; while the server does not answer, it is waited for. */
export const lazyPage = <Module extends Record<string, unknown>, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
) => lazyRouteComponent(() => patiently(load), name);
