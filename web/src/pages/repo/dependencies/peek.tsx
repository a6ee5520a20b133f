import { Suspense } from "react";

import type { Dependency, DependencyPage } from "@/api/types";
import { asOfFor } from "@/repo/advisory-age";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { Peek } from "@/peek/peek";
import { Advisories } from "@/repo/advisory-hits";
import { useKnowledge } from "@/repo/knowledge";
import { MakeTask } from "@/repo/make-task";
import { dependencies as texts } from "@/texts/dependencies";
import { advisories } from "@/texts/advisories";
import { PlaceLink } from "@/ui/place-link";
import { SeverityMark } from "@/ui/severity";
import { Tag } from "@/ui/tag";
import { Prose } from "@/ui/prose";
import { Section } from "@/ui/section";

const SuppressPackage = part(() => import("./suppress"));

/** One package: what it is needed for, how it gets in, and what is known about it. */
export default function DependencyPeek({ dependency, repo, page }: { dependency: Dependency; repo: string; page: DependencyPage }) {
  const { known } = useKnowledge(page.advisories, page.meta.as_of, page.ecosystems.map((each) => each.value));
  const hits = dependency.advisories ?? [];
  return (
    <Peek
      label={dependency.name}
      title={
        <>
          <h2 className="truncate text-dense font-semibold">
            {visible(dependency.name)} <span className="font-mono font-normal text-muted">{dependency.version && visible(dependency.version)}</span>
          </h2>
          <p className="text-meta text-faint">{dependency.ecosystem}</p>
        </>
      }
    >
      {/* A panel of another package has a task of its own. */}
      <div key={`${dependency.name} ${dependency.version}`} className="flex flex-col gap-5 p-4 text-dense">
        <div className="flex flex-wrap gap-1.5">
          <Tag>{texts.scopes[dependency.scope]}</Tag>
          {texts.roles[dependency.role] && <Tag>{texts.roles[dependency.role]}</Tag>}
          {dependency.direct && <Tag>{texts.isDirect}</Tag>}
          {dependency.requirement && <Tag>{visible(dependency.requirement)}</Tag>}
          <Tag>
            {texts.columns.license}: {dependency.license ? visible(dependency.license) : texts.noLicense}
          </Tag>
        </div>
        {dependency.via.length > 0 && (
          <Section title={texts.through}>
            <p className="text-muted">{[...dependency.via, dependency.name].map(visible).join(" → ")}</p>
          </Section>
        )}
        {hits.length > 0 && (
          <div className="flex flex-wrap items-start gap-2">
            <MakeTask of={dependency.name} text={() => texts.task(repo, dependency, hits)} />
            <Suspense>
              <SuppressPackage dependency={dependency} repo={repo} />
            </Suspense>
          </div>
        )}
        <Section title={texts.columns.advisories}>
          {hits.length === 0 ? (
            <Advisories dependency={dependency} asOf={asOfFor(known, dependency.ecosystem)} />
          ) : (
            <ul className="flex flex-col gap-3">
              {hits.map((hit) => (
                <li key={hit.id}>
                  <p className="flex flex-wrap items-center gap-2">
                    <SeverityMark severity={hit.severity} />
                    <code>{hit.id}</code>
                  </p>
                  <p className="mt-0.5 text-muted [overflow-wrap:anywhere]"><Prose text={hit.message} /></p>
                  <p className="text-meta text-faint">
                    {hit.fixed ? advisories.fixedIn(hit.fixed) : advisories.noFix}
                    {hit.aliases.length > 0 && ` · ${texts.aliases} ${hit.aliases.join(", ")}`}
                  </p>
                </li>
              ))}
            </ul>
          )}
        </Section>
        {dependency.imported_by !== null && (
          <Section title={texts.importedBy(dependency.imported_by)}>
            {dependency.imported_by === 0 && <p className="text-muted">{texts.noImportHint}</p>}
            {dependency.imported_in.map((path) => (
              <div key={path}>
                <PlaceLink repo={repo} span={{ path, start: 0, end: 0 }} />
              </div>
            ))}
            {dependency.imported_by > dependency.imported_in.length && (
              <p className="text-meta text-faint">{texts.more(dependency.imported_by - dependency.imported_in.length)}</p>
            )}
          </Section>
        )}
        <Section title={texts.evidence}>
          {dependency.evidence.map((span) => (
            <div key={`${span.path}:${span.start}`}>
              <PlaceLink repo={repo} span={span} />
            </div>
          ))}
        </Section>
      </div>
    </Peek>
  );
}
