import { lazy } from "react";

import { patiently } from "@/api/reachable";

/** A part of a page that is fetched when it is first shown; while the server does not answer, it is waited for. */
export const part: typeof lazy = (load) => lazy(() => patiently(load));
