import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { documentQuery } from "@/api/queries";
import { explorer as texts } from "@/texts/tasks";
import { buttonLook } from "@/ui/button";
import { SearchField } from "@/ui/field";
import { PageHeader, PageTitle } from "@/ui/page";
import { Loaded, SkeletonRows } from "@/ui/loaded";

import { OperationCard } from "./explorer/operation";
import { operationsOf, type Document } from "./explorer/document";

/** Every operation of the interface, read from the document that the server serves. */
export function ExplorerPage() {
  const query = useQuery(documentQuery);
  const [filter, setFilter] = useState("");
  return (
    <div className="flex max-w-[920px] flex-col gap-4 p-4 sm:p-6">
      <PageHeader
        actions={
          <a href="/api/v1/openapi.json" className={buttonLook("secondary")}>
            {texts.download}
          </a>
        }
      >
        <PageTitle name={texts.title} />
      </PageHeader>
      <p className="text-muted">{texts.lead}</p>
      <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={12} />}>
        {(data) => {
          const document = data as unknown as Document;
          const wanted = filter.toLowerCase();
          const operations = operationsOf(document).filter((each) =>
            `${each.method} ${each.path} ${each.id} ${each.summary}`.toLowerCase().includes(wanted),
          );
          const tags = [...new Set(operations.map((each) => each.tag))];
          return (
            <>
              <SearchField label={texts.search} value={filter} onChange={(event) => setFilter(event.target.value)} className="sm:!w-80" />
              {operations.length === 0 && <p className="text-dense text-muted">{texts.none}</p>}
              {tags.map((tag) => (
                <section key={tag} aria-labelledby={`tag-${tag}`}>
                  <h2 id={`tag-${tag}`} className="mb-1.5 text-body font-semibold capitalize">
                    {tag}
                  </h2>
                  <div className="divide-y divide-line rounded-card border border-line">
                    {operations
                      .filter((each) => each.tag === tag)
                      .map((each) => (
                        <OperationCard key={each.id} operation={each} document={document} />
                      ))}
                  </div>
                </section>
              ))}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
