import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { findingsQuery, hotspotsQuery } from "@/api/report";
import type { Finding, Graph, Hotspots } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { useSlug } from "@/repo/slug";
import { architecture as texts } from "@/texts/architecture";
import { hotspots } from "@/texts/hotspots";
import { repo as repoTexts } from "@/texts/repo";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PathText } from "@/ui/path-text";
import { Prose } from "@/ui/prose";
import { Section } from "@/ui/section";
import { SeverityMark } from "@/ui/severity";

import { moduleAround } from "./levels";

/** Lines of each list: the pages that they come from have the rest. */
const FEW = 3;

const rows = <SkeletonRows rows={FEW} height="h-5" />;
const link = "min-w-0 truncate text-accent hover:underline";

/** Who knows a module, where it is hot, and what was found in it. */
export default function ModuleFacts({ graph, path }: { graph: Graph; path: string }) {
  const [ws, slug] = [useWorkspace(), useSlug()];
  const history = useQuery(hotspotsQuery(ws, slug));
  const modules = graph.modules.map((each) => each.path);
  const within = (place: string) => moduleAround(modules, place) === path;
  return (
    <>
      <Loaded query={history} what={repoTexts.hotspots} skeleton={rows}>
        {(found) => (
          <>
            <Owners found={found} within={within} path={path} />
            <Hottest found={found} within={within} />
          </>
        )}
      </Loaded>
      {/* The findings are asked for by folder, so those of the root are those of all: its page has them. */}
      {path !== "" && <Found path={path} within={within} inside={modules.some((each) => each !== path && each.startsWith(`${path}/`))} />}
    </>
  );
}

interface Props {
  found: Hotspots;
  within: (path: string) => boolean;
}

/** The people who changed its folders; of several folders, whoever changed most of each. */
function Owners({ found, within, path }: Props & { path: string }) {
  const folders = found.ownership.filter((each) => within(each.folder));
  const name = (person: number | undefined) => visible(found.people[person ?? -1]?.name ?? "");
  const [only] = folders;
  return (
    <Section title={texts.knows}>
      {!only && <p className="text-muted">{texts.noChange}</p>}
      {only && folders.length === 1 && (
        <>
          <ul>
            {only.shares.slice(0, FEW).map((each) => (
              <li key={each.person}>{texts.share(name(each.person), each.percent)}</li>
            ))}
          </ul>
          <p className="text-meta text-faint">{texts.lastYear(only.commits, only.people)}</p>
        </>
      )}
      {folders.length > 1 && (
        <ul>
          {folders.slice(0, FEW).map((each) => (
            <li key={each.folder} className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate font-mono text-meta">
                <PathText path={each.folder === path ? path || texts.root : each.folder} />
              </span>
              <span className="shrink-0 text-muted">{texts.share(name(each.shares[0]?.person), each.main_share)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Hottest({ found, within }: Props) {
  const [ws, slug] = [useWorkspace(), useSlug()];
  const hot = found.items.filter((each) => within(each.path)).slice(0, FEW);
  return (
    <Section title={texts.hottest}>
      {hot.length === 0 && <p className="text-muted">{found.unranked ?? texts.noHotspot}</p>}
      <ul>
        {hot.map((each) => (
          <li key={each.path} className="flex items-baseline justify-between gap-3">
            <Link to="/w/$ws/repos/$repo/hotspots" params={{ ws, repo: slug }} search={{ peek: peekText({ kind: "hotspot", id: each.path }) } as object} className={`${link} font-mono text-meta leading-6`}>
              {visible(each.path.slice(each.path.lastIndexOf("/") + 1))}
            </Link>
            <span className="shrink-0 text-meta text-faint">
              {hotspots.columns.score} {texts.score(each.score)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The worst findings in shipped code. `inside`: other modules are below its folder, whose findings are not its own. */
function Found({ path, within, inside }: { path: string; within: (path: string) => boolean; inside: boolean }) {
  const [ws, slug] = [useWorkspace(), useSlug()];
  const query = useInfiniteQuery(findingsQuery(ws, slug, { path }));
  return (
    <Loaded query={query} what={repoTexts.findings} skeleton={rows}>
      {({ pages: [page] }) => {
        const own = (page?.items ?? []).filter((each: Finding) => within(each.span.path));
        // What stands below other modules is in the answer as well, so only a list that is whole can be counted.
        const total = !inside ? (page?.total ?? 0) : page?.next ? null : own.length;
        return (
          <Section title={texts.found(total)}>
            {own.length === 0 && <p className="text-muted">{texts.noFinding}</p>}
            <ul>
              {own.slice(0, FEW).map((each) => (
                <li key={each.id} className="flex items-baseline gap-2">
                  <SeverityMark severity={each.severity} />
                  <Link to="/w/$ws/repos/$repo/findings" params={{ ws, repo: slug }} search={{ path, peek: peekText({ kind: "finding", id: each.id }) } as object} className={link}>
                    <Prose text={each.message} />
                  </Link>
                </li>
              ))}
            </ul>
            {(total === null || total > FEW) && (
              <Link to="/w/$ws/repos/$repo/findings" params={{ ws, repo: slug }} search={{ path }} className="mt-1 inline-block text-accent hover:underline">
                {inside || total === null ? texts.foundBelow : texts.allFound(total)}
              </Link>
            )}
          </Section>
        );
      }}
    </Loaded>
  );
}
