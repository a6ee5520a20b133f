import { Link, useNavigate } from "@tanstack/react-router";

import type { OwnWorkspace } from "@/api/types";
import { createWorkspace } from "@/api/workspaces";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { team } from "@/texts/team";
import { workspaceSettings } from "@/texts/workspace-settings";
import { workspaces as texts } from "@/texts/workspaces";
import { buttonLook } from "@/ui/button";
import { Form } from "@/ui/form";
import { Panel } from "@/ui/panel";

/** Each with its role, the way into it and to its settings; below them, a new one. */
export default function Workspaces({ all }: { all: readonly OwnWorkspace[] }) {
  const offline = useOffline();
  const navigate = useNavigate();
  return (
    <div className="flex flex-col gap-8">
      <Panel title={texts.own} note={all.length}>
        <ul className="divide-y divide-line rounded-card border border-line">
          {all.map(({ workspace, role }) => {
            const name = visible(workspace.name);
            return (
              <li key={workspace.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 text-dense">
                <div className="min-w-0 flex-1 basis-40">
                  <p className="truncate font-medium">{name}</p>
                  <p className="truncate text-meta text-faint">
                    <code>/w/{visible(workspace.slug)}</code> · {team.roles[role]}
                  </p>
                </div>
                <div className="flex gap-2">
                  <Link to="/w/$ws/repos" params={{ ws: workspace.slug }} className={buttonLook()} aria-label={texts.openNamed(name)}>
                    {texts.open}
                  </Link>
                  <Link
                    to="/w/$ws/settings/$page"
                    params={{ ws: workspace.slug, page: "general" }}
                    className={buttonLook("ghost")}
                    aria-label={texts.settingsNamed(name)}
                  >
                    {texts.settings}
                  </Link>
                </div>
              </li>
            );
          })}
        </ul>
      </Panel>
      <Panel title={workspaceSettings.make}>
        <p className="mb-4 text-dense text-muted">{texts.makeText}</p>
        <div className="max-w-[400px]">
          <Form
            fields={[{ name: "name", label: texts.name, autoComplete: "off", hint: texts.nameHint }]}
            action={texts.create}
            blocked={offline}
            send={async ({ name = "" }) => {
              const { workspace } = await createWorkspace(name);
              await navigate({ to: "/w/$ws/repos", params: { ws: workspace.slug } });
            }}
          />
        </div>
      </Panel>
    </div>
  );
}
