import { cx } from "@/lib/cx";
import { explorer as texts } from "@/texts/tasks";
import { Prose } from "@/ui/prose";

import { resolve, shape, type Document, type Operation, type Schema } from "./document";

const METHOD_INK: Record<string, string> = {
  GET: "text-low",
  POST: "text-ok",
  PUT: "text-medium",
  PATCH: "text-medium",
  DELETE: "text-critical",
};

/** How deep nested schemas are unfolded. */
const DEPTH = 3;

/** One operation: what it takes and what it answers. */
export function OperationCard({ operation, document }: { operation: Operation; document: Document }) {
  const { raw } = operation;
  return (
    <details className="group">
      <summary className="flex min-h-9 list-none flex-wrap items-center gap-x-3 px-3 py-1.5 text-dense hover:bg-subtle">
        <code className={cx("w-14 shrink-0 font-semibold", METHOD_INK[operation.method])}>{operation.method}</code>
        <code className="min-w-0 [overflow-wrap:anywhere]">{operation.path}</code>
        <span className="text-muted sm:ms-auto">{operation.summary}</span>
      </summary>
      <div className="flex flex-col gap-4 border-t border-line bg-subtle p-4 text-dense">
        {raw.description && <p className="max-w-[72ch] text-muted"><Prose text={raw.description} /></p>}
        {raw.parameters && raw.parameters.length > 0 && (
          <Part title={texts.parameters}>
            {raw.parameters.map((each) => (
              <Member
                key={`${each.in}-${each.name}`}
                name={each.name}
                note={`${each.in}${each.required ? `, ${texts.required}` : ""}`}
                type={shape(each.schema)}
                description={each.description}
              />
            ))}
          </Part>
        )}
        {raw.requestBody && (
          <Part title={texts.request}>
            <SchemaView schema={bodySchema(raw.requestBody)} document={document} depth={0} />
          </Part>
        )}
        <Part title={texts.responses}>
          {Object.entries(raw.responses ?? {}).map(([status, response]) => (
            <div key={status} className="py-1">
              <p>
                <code className="font-semibold">{status}</code> <span className="text-muted"><Prose text={response.description ?? ""} /></span>
              </p>
              {status !== "default" && <SchemaView schema={bodySchema(response)} document={document} depth={0} />}
            </div>
          ))}
        </Part>
      </div>
    </details>
  );
}

const bodySchema = (body: { content?: Record<string, { schema?: Schema }> }): Schema | undefined =>
  Object.values(body.content ?? {})[0]?.schema;

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 text-meta font-medium text-faint">{title}</h3>
      {children}
    </section>
  );
}

function Member({ name, note, type, description }: { name: string; note?: string; type: string; description?: string | undefined }) {
  return (
    <div className="grid gap-x-3 py-0.5 sm:grid-cols-[12rem_minmax(0,1fr)]">
      <code className="[overflow-wrap:anywhere]">{name}</code>
      <p className="min-w-0">
        <span className="text-accent">{type}</span>
        {note && <span className="text-faint"> · {note}</span>}
        {description && <span className="block text-muted"><Prose text={description} /></span>}
      </p>
    </div>
  );
}

function SchemaView({ schema, document, depth }: { schema: Schema | undefined; document: Document; depth: number }) {
  if (!schema) return null;
  const { name, schema: resolved } = resolve(document, schema);
  const members = Object.entries(resolved.properties ?? {});
  if (members.length === 0) return <p className="text-muted">{name ?? shape(resolved)}</p>;
  return (
    <div className={cx(depth > 0 && "border-s border-line ps-3")}>
      {name && <p className="font-medium">{name}</p>}
      {members.map(([member, each]) => {
        const inner = resolve(document, each.items ?? each);
        const deeper = depth < DEPTH && inner.schema.properties !== undefined;
        return (
          <div key={member}>
            <Member name={member} type={shape(each)} description={each.description} />
            {deeper && (
              <details className="ms-2">
                <summary className="text-meta text-faint">{texts.schema}</summary>
                <SchemaView schema={each.items ?? each} document={document} depth={depth + 1} />
              </details>
            )}
          </div>
        );
      })}
    </div>
  );
}
