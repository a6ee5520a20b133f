import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { beginThread } from "@/api/chat";
import { reposQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { ask } from "@/chat/asking";
import { Composer } from "@/chat/composer";
import { clearDraft, NEW, useDraft, writeDraft, type Draft } from "@/chat/drafts";
import { questionOf } from "@/chat/question-of";
import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";
import { chat as texts } from "@/texts/chat";
import { composer } from "@/texts/conversation";
import { fieldLook } from "@/ui/field";
import { Problem } from "@/ui/problem";

/** The first question of a conversation. */
export default function Begin() {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const repos = useQuery(reposQuery(ws)).data?.items ?? [];
  const [draft, write] = useDraft(ws, NEW);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  // Where there is one repository, that is what people ask about.
  const chosen = draft.repo === undefined ? (repos.length === 1 ? repos[0] : undefined) : repos.find(({ id }) => id === draft.repo);

  const begin = async (question: Draft) => {
    setBusy(true);
    setError(undefined);
    try {
      const made = await beginThread(ws, chosen?.id);
      // Should it fail, what was typed is found in the conversation.
      writeDraft(ws, made.id, { ...question, repo: undefined });
      clearDraft(ws, NEW);
      void ask(ws, made.id, questionOf(question));
      await navigate({ to: "/w/$ws/chat/$thread", params: { ws, thread: made.id } });
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <>
      <Composer workspace={ws} thread={undefined} repo={chosen?.slug} about={chosen?.id} busy={busy} onAsk={(question) => void begin(question)}>
        <select
          aria-label={texts.repo}
          title={texts.repo}
          value={chosen?.id ?? ""}
          onChange={(event) => write({ repo: event.target.value })}
          className={cx(fieldLook, "!w-auto max-w-48 border-line !px-1 text-muted max-sm:max-w-24")}
        >
          <option value="">{composer.noRepo}</option>
          {repos.map(({ id, name }) => (
            <option key={id} value={id}>
              {visible(name)}
            </option>
          ))}
        </select>
      </Composer>
      {error !== undefined && <Problem error={error} />}
      {draft.text === "" && chosen && (
        <ul aria-label={texts.examplesTitle} className="flex flex-wrap gap-1.5">
          {texts.examples.map((example) => (
            <li key={example}>
              <button type="button" className="tap rounded-control border border-line px-2.5 text-dense text-muted hover:border-control hover:text-text" onClick={() => write({ text: example })}>
                {example}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
