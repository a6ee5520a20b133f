import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";

import { permissionsQuery } from "@/api/people";
import { createToken, workspacesQuery } from "@/api/tokens";
import type { OwnWorkspace, Permission, PermissionInfo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";
import { tokens as texts } from "@/texts/tokens";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { fieldLook } from "@/ui/field";
import { Form } from "@/ui/form";
import { Loaded, SkeletonRows } from "@/ui/loaded";

/** How long a token may work, in days. */
const DAYS = [7, 30, 90, 365] as const;

/** Makes a token: its name, where it acts, what it may do, and for how long; then its text, this once. */
export default function TokenDialog({ onClose }: { onClose: () => void }) {
  const workspaces = useQuery(workspacesQuery);
  const permissions = useQuery(permissionsQuery);
  const [secret, setSecret] = useState<string>();
  if (secret !== undefined) {
    return (
      <Dialog title={texts.secretTitle} stays>
        <div className="flex flex-col gap-4 text-dense">
          <p className="text-muted">{texts.secretText}</p>
          <p className="flex items-center gap-1 rounded-card border border-line bg-subtle py-2 ps-3 pe-1">
            <code className="min-w-0 flex-1 [overflow-wrap:anywhere]">{secret}</code>
            <CopyButton text={secret} label={texts.copy} />
          </p>
          <Button look="primary" className="self-end px-4" onClick={onClose}>
            {texts.done}
          </Button>
        </div>
      </Dialog>
    );
  }
  const rows = <SkeletonRows rows={5} />;
  return (
    <Dialog title={texts.make} onClose={onClose}>
      <Loaded query={workspaces} what={texts.what} skeleton={rows}>
        {(own) => (
          <Loaded query={permissions} what={texts.what} skeleton={rows}>
            {({ data }) => <Choices workspaces={own.data} permissions={data} onSecret={setSecret} />}
          </Loaded>
        )}
      </Loaded>
    </Dialog>
  );
}

interface ChoicesProps {
  workspaces: readonly OwnWorkspace[];
  permissions: readonly PermissionInfo[];
  onSecret: (secret: string) => void;
}

function Choices({ workspaces, permissions, onSecret }: ChoicesProps) {
  const id = useId();
  const [workspace, setWorkspace] = useState(useWorkspace());
  const [scopes, setScopes] = useState<ReadonlySet<Permission>>(new Set());
  const [days, setDays] = useState<(typeof DAYS)[number]>(90);
  const role = workspaces.find((each) => each.workspace.slug === workspace)?.role;
  // A token can do no more than its person.
  const offered = permissions.filter((each) => role !== undefined && each.roles.includes(role));
  const chosen = offered.filter(({ permission }) => scopes.has(permission)).map(({ permission }) => permission);
  const toggle = (permission: Permission) => {
    const next = new Set(scopes);
    if (!next.delete(permission)) next.add(permission);
    setScopes(next);
  };
  return (
    <Form
      fields={[{ name: "name", label: texts.name, autoComplete: "off", hint: texts.nameHint }]}
      action={texts.create}
      autoFocus
      blocked={chosen.length === 0 ? texts.scopesNeeded : undefined}
      send={async ({ name = "" }) => onSecret((await createToken({ name: name.trim(), workspace, scopes: chosen, days })).secret)}
    >
      {workspaces.length > 1 && (
        <label className="flex flex-col gap-1 font-medium" htmlFor={`${id}-workspace`}>
          {texts.workspace}
          <select id={`${id}-workspace`} className={cx(fieldLook, "h-9 font-normal")} value={workspace} onChange={(event) => setWorkspace(event.target.value)}>
            {workspaces.map((each) => (
              <option key={each.workspace.id} value={each.workspace.slug}>
                {visible(each.workspace.name)}
              </option>
            ))}
          </select>
        </label>
      )}
      <fieldset>
        <legend className="mb-1 font-medium">{texts.scopes}</legend>
        <div className="scroll-thin flex max-h-56 flex-col overflow-y-auto rounded-control border border-line p-1.5">
          {offered.map(({ permission, words }) => (
            <label key={permission} className="flex min-h-7 items-center gap-2 rounded-control px-1.5 py-1 hover:bg-sunken">
              <input type="checkbox" className="size-4 shrink-0 accent-[var(--accent)]" checked={scopes.has(permission)} onChange={() => toggle(permission)} />
              {words}
            </label>
          ))}
        </div>
      </fieldset>
      <label className="flex flex-col gap-1 font-medium" htmlFor={`${id}-days`}>
        {texts.days}
        <select
          id={`${id}-days`}
          className={cx(fieldLook, "h-9 font-normal")}
          value={days}
          onChange={(event) => setDays(DAYS.find((each) => String(each) === event.target.value) ?? 90)}
        >
          {DAYS.map((each) => (
            <option key={each} value={each}>
              {texts.daysOf[each]}
            </option>
          ))}
        </select>
      </label>
    </Form>
  );
}
