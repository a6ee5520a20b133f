import { Trash2 } from "lucide-react";
import { Suspense, useState } from "react";

import type { Repo } from "@/api/types";
import { part } from "@/lib/part";
import { findings } from "@/texts/findings";
import { repo as repoTexts } from "@/texts/repo";
import { settings as texts } from "@/texts/settings";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";

import { BranchForm } from "./branch";
import { LookUps } from "./advisories";
import { NamePeople, SearchHistory } from "./switches";
import { OwnRules } from "./own-rules";

const Decisions = part(() => import("../findings/decisions"));
const RemoveDialog = part(() => import("../frame/remove-dialog"));

/** The settings, one panel for each question. */
export default function SettingsList({ repo }: { repo: Repo }) {
  const [removing, setRemoving] = useState(false);
  return (
    <div className="flex max-w-[820px] flex-col gap-8">
      <Panel title={texts.branch}>
        <BranchForm key={repo.id} repo={repo} />
      </Panel>
      <Panel title={texts.history}>
        <SearchHistory repo={repo} />
      </Panel>
      <OwnRules repo={repo} />
      <LookUps repo={repo} />
      <Panel title={findings.suppress.title}>
        <Suspense>
          <Decisions repo={repo.slug} always />
        </Suspense>
      </Panel>
      <Panel title={texts.people}>
        <NamePeople />
      </Panel>
      {repo.can.remove && (
        <Panel title={texts.remove}>
          <p className="mb-3 max-w-[80ch] text-dense text-muted">{texts.removeHint}</p>
          <Button icon={Trash2} onClick={() => setRemoving(true)}>
            {repoTexts.remove}
          </Button>
          <Suspense>{removing && <RemoveDialog repo={repo} onClose={() => setRemoving(false)} />}</Suspense>
        </Panel>
      )}
    </div>
  );
}
