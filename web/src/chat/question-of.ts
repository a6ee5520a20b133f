/** A question as the server takes it. */
import type { AskMentor, PreviewChat } from "@/api/types";

import type { Draft } from "./drafts";

/** What a draft asks. */
export const questionOf = ({ text, mode, attached, excluded, insteadOf }: Draft): AskMentor => ({
  text: text.trim(),
  mode,
  attached: attached.map(({ attachment }) => attachment),
  excluded: [...excluded],
  ...(insteadOf ? { instead_of: insteadOf } : {}),
});

/** What it is asked to be shown of it before. */
export const previewOf = ({ text, mode, attached, excluded, repo }: Draft, thread: string | undefined): PreviewChat => ({
  text: text.trim(),
  mode,
  attached: attached.map(({ attachment }) => attachment),
  excluded: [...excluded],
  ...(thread ? { thread } : repo ? { repo } : {}),
});
