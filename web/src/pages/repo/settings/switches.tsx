import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";

import { updateRepo } from "@/api/mutations/repos";
import { setSettings, settingsQuery } from "@/api/settings";
import type { Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { settings as texts } from "@/texts/settings";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Problem } from "@/ui/problem";

import { Saved } from "./saved";

interface SwitchProps {
  label: string;
  hint: string;
  on: boolean;
  /** Why it cannot be changed. */
  denied: string | undefined;
  save: (on: boolean) => Promise<unknown>;
  children?: ReactNode;
}

/**
 * One question with yes or no, kept as soon as it is answered. The answer is on the screen at once; when it could not be
 * kept, it goes back to what the server says, and the reason stands below. While an answer is being kept there is no other:
 * it would speak of a state that is about to be an older one.
 */
export function Switch({ label, hint, on, denied, save, children }: SwitchProps) {
  const id = useId();
  const [wanted, setWanted] = useState<boolean>();
  const answer = async (next: boolean) => {
    if (wanted !== undefined) return;
    setWanted(next);
    try {
      await save(next);
    } catch {
      // It is shown below the question.
    }
    setWanted(undefined);
  };
  return (
    <div className="flex flex-col gap-2 text-dense">
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-1"
          checked={wanted ?? on}
          disabled={denied !== undefined}
          aria-busy={wanted !== undefined}
          aria-describedby={id}
          onChange={(event) => void answer(event.target.checked)}
        />
        <span>
          <span className="font-medium">{label}</span>
          <span id={id} className="block max-w-[80ch] text-muted">
            {hint} {denied}
          </span>
        </span>
      </label>
      {children}
    </div>
  );
}

/** Whether the history of a repository is searched for secrets. */
export function SearchHistory({ repo }: { repo: Repo }) {
  const ws = useWorkspace();
  const update = useMutation(updateRepo(ws, repo.slug));
  const offline = useOffline();
  const always = repo.secrets_in_every_history;
  return (
    <Switch
      label={texts.historyLabel}
      hint={`${texts.historyHint} ${texts.historyOwn}`}
      on={always || repo.secrets_in_history}
      denied={always ? texts.historyAlways : repo.can.configure ? offline : texts.denied}
      save={(on) => update.mutateAsync({ version: repo.version, secrets_in_history: on })}
    >
      {update.error !== null && <Problem error={update.error} />}
      <Saved repo={repo} shown={update.isSuccess} />
    </Switch>
  );
}

/** Whether people are named, for the whole workspace. */
export function NamePeople() {
  const ws = useWorkspace();
  const query = useQuery(settingsQuery(ws));
  const set = useMutation(setSettings(ws));
  const offline = useOffline();
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={1} />}>
      {({ data }) => (
        <Switch
          label={texts.peopleLabel}
          hint={texts.peopleHint}
          on={data.name_people}
          denied={data.can.change ? offline : texts.deniedAdmin}
          save={(name_people) => set.mutateAsync({ name_people })}
        >
          {set.error !== null && <Problem error={set.error} />}
        </Switch>
      )}
    </Loaded>
  );
}
