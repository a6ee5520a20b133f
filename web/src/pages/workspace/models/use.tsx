import { useQuery } from "@tanstack/react-query";

import { modelUseQuery } from "@/api/models";
import { membersQuery } from "@/api/people";
import type { ModelAccount, ModelDay } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatCount } from "@/lib/count";
import { visible } from "@/lib/visible";
import { models as texts } from "@/texts/models";
import { Loaded, SkeletonRows } from "@/ui/loaded";

import { formatMoney } from "@/lib/money";
type Sum = Omit<ModelDay, "date"> & { name: string };

/** What was asked and spent: by day and, over all of them, by model, person and purpose. */
export function Use() {
  const ws = useWorkspace();
  const query = useQuery(modelUseQuery(ws));
  // The books name people by their ids; who left is known by no name.
  const members = useQuery({ ...membersQuery(ws), enabled: query.data?.accounts.some(({ kind }) => kind === "person") === true }).data?.data ?? [];
  const nameOf: Record<ModelAccount["kind"], (name: string) => string> = {
    model: visible,
    person: (id) => visible(members.find(({ person }) => person.id === id)?.person.name ?? texts.somebody),
    feature: (name) => texts.features[name] ?? visible(name),
  };
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={3} />}>
      {({ days, accounts }) => {
        if (days.length === 0) return <p className="text-dense text-muted">{texts.unused}</p>;
        return (
          <div className="flex flex-col gap-4">
            <Books head={texts.day} rows={days.map((day) => ({ ...day, name: day.date }))} />
            {(["model", "person", "feature"] as const).map((kind) => (
              <Books key={kind} head={texts.by[kind]} rows={accounts.filter((account) => account.kind === kind)} nameOf={nameOf[kind]} />
            ))}
          </div>
        );
      }}
    </Loaded>
  );
}

function Books({ head, rows, nameOf = visible }: { head: string; rows: readonly Sum[]; nameOf?: (name: string) => string }) {
  if (rows.length === 0) return null;
  const cell = "px-3 py-1.5 text-end tabular-nums";
  return (
    <div role="region" aria-label={head} tabIndex={0} className="scroll-thin overflow-x-auto rounded-card border border-line">
      <table className="w-full min-w-[34rem] text-dense">
        <thead>
          <tr className="border-b border-line bg-subtle text-meta text-muted">
            <th scope="col" className="px-3 py-1.5 text-start font-medium">
              {head}
            </th>
            {[texts.questions, texts.prompts, texts.answerTokens, texts.cost].map((name) => (
              <th key={name} scope="col" className="px-3 py-1.5 text-end font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((sum) => (
            <tr key={sum.name} className="border-b border-line last:border-b-0">
              <th scope="row" className="px-3 py-1.5 text-start font-normal [overflow-wrap:anywhere]">
                {nameOf(sum.name)}
              </th>
              <td className={cell}>{formatCount(sum.questions)}</td>
              <td className={cell}>{formatCount(sum.input_tokens)}</td>
              <td className={cell}>{formatCount(sum.output_tokens)}</td>
              <td className={cell}>{formatMoney(sum.micros)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
