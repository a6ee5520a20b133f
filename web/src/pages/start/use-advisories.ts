import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { advisoriesQuery } from "@/api/queries";
import type { AdvisoryMode } from "@/api/types";
import { useWorkspace } from "@/api/workspace";

import { unanswered } from "./advisory-question";

/**
 * How known vulnerabilities are looked up, as it stands on the screen, and what is still to be answered. `asked` from the
 * beginning shows the question whatever was answered before.
 */
export function useAdvisories(askedBefore = false) {
  const query = useQuery(advisoriesQuery(useWorkspace()));
  // Once asked, the question stays until the page is left: an answer may need more, such as a folder.
  const [asked, setAsked] = useState(askedBefore);
  const [picked, onMode] = useState<AdvisoryMode>();
  const [without, onWithout] = useState(false);
  const status = query.data?.data;
  const mode = picked ?? status?.mode ?? "undecided";
  const open = status ? unanswered(status, mode, without) : null;
  if (!asked && open !== null) setAsked(true);
  return { query, status, asked, open, answer: { mode, onMode, without, onWithout } };
}
