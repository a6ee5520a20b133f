import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Suspense } from "react";

import { mayRemember } from "@/api/memories";
import { repoQuery, reposQuery, tasksQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { SAMPLE, useSession } from "@/api/workspace";
import { part } from "@/lib/part";
import { peekText } from "@/lib/peek";
import { chooseTheme, THEMES } from "@/lib/theme";
import { visible } from "@/lib/visible";
import { useAnalyse } from "@/repo/analyse";
import { exportsOf } from "@/repo/exports";
import { ambiguous } from "@/repo/place";
import { tabsIn } from "@/repo/tabs";
import { admin } from "@/texts/admin";
import { own } from "@/texts/own-settings";
import { palette as texts } from "@/texts/palette";
import { repo as repoTexts } from "@/texts/repo";
import { sidebar } from "@/texts/sidebar";
import { workspaceSettings } from "@/texts/workspace-settings";
import { GradeBadge } from "@/ui/grade-badge";

import { useLeave } from "./leave";
import { PALETTE_FIELD, toEnd } from "./palette-field";
import { fits, Group, Item, LAST_RESORTS, readTyped } from "./palette-parts";

const Found = part(() => import("./palette-found"));
const Symbols = part(() => import("./palette-symbols"));

interface Props {
  /** What is typed. */
  text: string;
  onText: (text: string) => void;
  onClose: () => void;
  /** What the frame around the page can do. */
  onFold: () => void;
  onHelp: () => void;
}

/** Every place and every command by name. */
export default function Palette({ text, onText, onClose, onFold, onHelp }: Props) {
  const session = useSession();
  const ws = session.workspace.slug;
  const shown = ws === SAMPLE;
  const navigate = useNavigate();
  const leave = useLeave();
  const { repo: slug } = useParams({ strict: false });
  const here = useQuery({ ...repoQuery(ws, slug ?? ""), enabled: slug !== undefined }).data?.data;
  const repos = useQuery(reposQuery(ws)).data?.items ?? [];
  const tasks = useQuery({ ...tasksQuery(ws), enabled: !shown }).data?.items ?? [];
  const twins = ambiguous(repos);
  const { kind, rest: wanted } = readTyped(text);
  /** Does it, and closes: what is done may open another dialog. */
  const run = (command: () => unknown) => () => {
    onClose();
    void command();
  };
  return (
    <Command label={texts.title} loop filter={fits}>
      <Command.Input
        ref={toEnd}
        value={text}
        onValueChange={onText}
        placeholder={texts.placeholder}
        className={PALETTE_FIELD}
      />
      <Command.List label={texts.results} className="scroll-thin max-h-[min(420px,55dvh)] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-dense text-muted">{kind === "symbol" && !here?.latest ? texts.symbolsIn : texts.none(visible(text))}</Command.Empty>
        {here && <Here repo={here} ws={ws} run={run} />}
        <Group name={texts.groups.pages}>
          {!shown && <Item keys="G H" onSelect={run(() => navigate({ to: "/w/$ws/chat", params: { ws } }))}>{sidebar.chat}</Item>}
          <Item keys="G R" onSelect={run(() => navigate({ to: "/w/$ws/repos", params: { ws } }))}>{sidebar.repositories}</Item>
          {!shown && <Item keys="G T" onSelect={run(() => navigate({ to: "/w/$ws/tasks", params: { ws } }))}>{sidebar.tasks}</Item>}
          {!shown && <Item keys="G M" onSelect={run(() => navigate({ to: "/w/$ws/memory", params: { ws } }))}>{sidebar.memory}</Item>}
          {session.can.connect_repo && (
            <Item onSelect={run(() => navigate({ to: "/start/source" }))}>{sidebar.addRepository}</Item>
          )}
          {!shown && <Item onSelect={run(() => navigate({ to: "/developers/api" }))}>{sidebar.api}</Item>}
          {!shown &&
            (["integrations", "models"] as const).map((page) => (
              <Item key={page} onSelect={run(() => navigate({ to: "/w/$ws/settings/$page", params: { ws, page } }))}>
                {workspaceSettings[page]}
              </Item>
            ))}
          {!shown && <Item onSelect={run(() => navigate({ to: "/settings/$page", params: { page: "profile" } }))}>{own.profile}</Item>}
          {!shown && <Item onSelect={run(() => navigate({ to: "/settings/$page", params: { page: "security" } }))}>{own.security}</Item>}
          {session.can.operate &&
            (["health", "jobs", "dead-letters", "caches", "outbox"] as const).map((page) => (
              <Item key={page} onSelect={run(() => navigate({ to: "/admin/$page", params: { page } }))}>
                {admin.pages[page]}
              </Item>
            ))}
        </Group>
        <Group name={texts.groups.repos}>
          {repos.map((repo) => (
            <Item
              key={repo.id}
              value={`${repo.name} ${repo.slug}`}
              onSelect={run(() => navigate({ to: "/w/$ws/repos/$repo", params: { ws, repo: repo.slug } }))}
            >
              <span className="truncate">{visible(repo.name)}</span>
              {twins.has(repo.id) && <span className="truncate text-meta text-faint">{visible(repo.source.location)}</span>}
              {repo.latest && (
                <span className="ms-auto">
                  <GradeBadge grade={repo.latest.grade} />
                </span>
              )}
            </Item>
          ))}
        </Group>
        <Group name={texts.groups.tasks} kind="task">
          {tasks
            .filter((task) => task.status !== "done")
            .map((task) => (
              <Item
                key={task.key}
                value={`${task.key} ${task.title}`}
                onSelect={run(() =>
                  navigate({ to: "/w/$ws/tasks", params: { ws }, search: { peek: peekText({ kind: "task", id: task.key }) } }),
                )}
              >
                <code className="shrink-0 text-meta text-faint">{task.key}</code>
                <span className="truncate">{visible(task.title)}</span>
              </Item>
            ))}
        </Group>
        <Suspense>{kind === "symbol" && wanted !== "" && here?.latest && <Symbols ws={ws} repo={here.slug} name={wanted} run={run} />}</Suspense>
        <Suspense>{!shown && (wanted !== "" || kind === "person") && <Found ws={ws} run={run} />}</Suspense>
        <Group name={texts.groups.actions} kind="action">
          {session.can.write_tasks && (
            <Item keys="C" onSelect={run(() => navigate({ to: "/w/$ws/tasks", params: { ws }, hash: "new" }))}>{texts.newTask}</Item>
          )}
          {!shown && mayRemember(session) && (
            <Item onSelect={run(() => navigate({ to: "/w/$ws/memory", params: { ws }, hash: "new" }))}>{texts.newMemory}</Item>
          )}
          <Item keys="[" onSelect={run(onFold)}>{sidebar.fold}</Item>
          <Item keys="?" onSelect={run(onHelp)}>{sidebar.help}</Item>
          {THEMES.map((theme) => (
            <Item key={theme} onSelect={run(() => chooseTheme(theme))}>{texts.themeIs(sidebar.themes[theme])}</Item>
          ))}
          {!shown && <Item onSelect={run(leave)}>{sidebar.signOut}</Item>}
        </Group>
        {wanted !== "" && kind === undefined && (!shown || here?.latest) && (
          <Group name={texts.groups.search}>
            {/* Whoever is in a repository looks there first. */}
            {here?.latest && (
              <Item
                value={LAST_RESORTS[1]}
                onSelect={run(() => navigate({ to: "/w/$ws/repos/$repo/findings", params: { ws, repo: here.slug }, search: { q: wanted } }))}
              >
                {texts.search(visible(wanted))}
              </Item>
            )}
            {here?.latest && (
              <Item
                value={LAST_RESORTS[2]}
                onSelect={run(() => navigate({ to: "/w/$ws/repos/$repo/search", params: { ws, repo: here.slug }, search: { q: wanted } }))}
              >
                {texts.searchCode(visible(wanted))}
              </Item>
            )}
            {!shown && (
              <Item value={LAST_RESORTS[0]} onSelect={run(() => navigate({ to: "/w/$ws/memory", params: { ws }, search: { q: wanted } }))}>
                {texts.recall(visible(wanted))}
              </Item>
            )}
          </Group>
        )}
      </Command.List>
    </Command>
  );
}

interface HereProps {
  repo: Repo;
  ws: string;
  run: (command: () => unknown) => () => void;
}

/** What can be done with the repository whose page is open. */
function Here({ repo, ws, run }: HereProps) {
  const navigate = useNavigate();
  const analyse = useAnalyse(repo);
  const params = { ws, repo: repo.slug, _splat: "" };
  return (
    <Group name={`${texts.groups.here}: ${visible(repo.name)}`} kind="action">
      {repo.can.analyze && <Item keys="R" onSelect={run(analyse.run)}>{repo.running ? repoTexts.running : texts.analyseNow}</Item>}
      {tabsIn(ws).map(([name, to], index) => (
        <Item key={name} keys={String((index + 1) % 10)} onSelect={run(() => navigate({ to, params }))}>
          {repoTexts.tabs[name]}
        </Item>
      ))}
      {repo.latest &&
        exportsOf(ws, repo).map(([href, label]) => (
          <Item key={href} value={`${repoTexts.export} ${label}`} onSelect={run(() => download(href))}>
            {repoTexts.export}: {label}
          </Item>
        ))}
    </Group>
  );
}

/** Saves what is at an address, as a link to it would. */
function download(href: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = "";
  link.click();
}
