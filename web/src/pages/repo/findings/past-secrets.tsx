import { useMutation, useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";

import { problemOf } from "@/api/client";
import { startAnalysis, updateRepo } from "@/api/mutations/repos";
import { overviewQuery, repoQuery } from "@/api/queries";
import { pastSecretsQuery } from "@/api/report";
import type { PastSecret, PastSecrets as Found, Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { formatAge, formatMoment, shortCommit } from "@/lib/format";
import { visible } from "@/lib/visible";
import { past as texts } from "@/texts/past";
import { Button } from "@/ui/button";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { PathText } from "@/ui/path-text";
import { Prose } from "@/ui/prose";
import { SeverityMark } from "@/ui/severity";
import { Cell, rowLook, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";
import { toast } from "@/ui/toast";

/** Rows before the others are asked for. */
const FIRST = 20;

/** Credentials that were ever committed: where, by which commit, whether a file still has them, and what to do. */
export default function PastSecrets({ slug }: { slug: string }) {
  const ws = useWorkspace();
  const query = useQuery(pastSecretsQuery(ws, slug));
  const repo = useQuery(repoQuery(ws, slug)).data?.data;
  const found = query.data?.data;
  return (
    <div className="mt-8">
      <Panel
        title={texts.title}
        note={found?.searched && found.total > 0 && texts.found(found.total, found.commits)}
        partial={found ? [...(found.truncated ? [texts.truncated] : []), ...found.gaps] : []}
      >
        <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={3} />}>
          {({ data }) =>
            data.searched ? <Rows found={data} slug={slug} /> : repo && <NotSearched repo={repo} />
          }
        </Loaded>
      </Panel>
    </div>
  );
}

function Rows({ found, slug }: { found: Found; slug: string }) {
  const [all, setAll] = useState(false);
  const coverage = useQuery(overviewQuery(useWorkspace(), slug)).data?.data.coverage;
  // A file that was not read may still have what seems to be gone.
  const gone = coverage && coverage.skipped_total > 0 ? texts.notSeen : texts.gone;
  if (found.total === 0) return <Empty>{texts.none(found.commits)}</Empty>;
  const shown = all ? found.items : found.items.slice(0, FIRST);
  const { columns } = texts;
  return (
    <div className="flex flex-col gap-2">
      <p className="max-w-[80ch] text-dense text-muted">
        {texts.advice} {found.items.length < found.total && texts.listed(found.items.length, found.total)}
      </p>
      <Table
        label={texts.title}
        columns={[{ title: columns.severity, className: "w-20" }, { title: columns.secret }, { title: columns.still }, { title: columns.commit, wide: true }]}
      >
        {shown.map((each) => (
          <Row key={each.id} secret={each} gone={gone} />
        ))}
      </Table>
      {shown.length < found.items.length && (
        <div>
          <Button look="ghost" onClick={() => setAll(true)}>
            {texts.more(found.items.length - shown.length)}
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ secret, gone }: { secret: PastSecret; gone: string }) {
  const commit = <Commit secret={secret} />;
  return (
    <tr className={rowLook}>
      <Cell>
        <SeverityMark severity={secret.severity} short />
      </Cell>
      <Cell className="min-w-0">
        <p className="font-medium [overflow-wrap:anywhere]">
          <Prose text={secret.message} /> {secret.in_test && <Tag>{texts.inTest}</Tag>}
        </p>
        <p className="font-mono text-meta break-words">
          <PathText path={secret.path} />
          {secret.line > 0 && `:${secret.line}`}
          {secret.files > 1 && <span className="ms-2 font-sans text-faint">{texts.files(secret.files)}</span>}
        </p>
        <div className="mt-1 @3xl:hidden">{commit}</div>
      </Cell>
      <Cell>
        <Tag tone={secret.at_tip ? "critical" : "neutral"}>{secret.at_tip ? texts.still : gone}</Tag>
      </Cell>
      <Cell wide className="min-w-0 max-w-72">
        {commit}
      </Cell>
    </tr>
  );
}

function Commit({ secret: { commit } }: { secret: PastSecret }) {
  const now = useNow();
  return (
    <>
      <span className="whitespace-nowrap text-meta">
        <code title={commit.id}>{shortCommit(commit.id)}</code>{" "}
        <span className="text-faint" title={formatMoment(commit.time)}>
          {formatAge(commit.time, now)}
        </span>
      </span>
      <span className="block text-meta text-muted [overflow-wrap:anywhere]">{visible(commit.subject)}</span>
    </>
  );
}

/** Nobody asked for the search: what it is good for, what it costs, and the way to it. */
function NotSearched({ repo }: { repo: Repo }) {
  const ws = useWorkspace();
  const failed = (error: unknown) => toast(problemOf(error).detail);
  const update = useMutation(updateRepo(ws, repo.slug));
  const start = useMutation(startAnalysis(ws));
  const search = async () => {
    try {
      await update.mutateAsync({ version: repo.version, secrets_in_history: true });
      await start.mutateAsync({ repo: repo.slug, fresh: true });
      toast(texts.started);
    } catch (error) {
      failed(error);
    }
  };
  const chosen = repo.secrets_in_history || repo.secrets_in_every_history;
  return (
    <Empty
      action={
        !chosen &&
        repo.can.configure && (
          <Button icon={History} busy={update.isPending || start.isPending} onClick={() => void search()}>
            {texts.turnOn}
          </Button>
        )
      }
    >
      {texts.off} {chosen ? texts.waits : repo.can.configure ? texts.offCost : texts.denied}
    </Empty>
  );
}
