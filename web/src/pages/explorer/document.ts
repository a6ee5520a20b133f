/** The parts of an OpenAPI 3.1 document that the explorer shows. */
export interface Document {
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, Schema> };
}

/** A JSON schema. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  allOf?: Schema[];
  anyOf?: Schema[];
  enum?: unknown[];
  format?: string;
  additionalProperties?: Schema | boolean;
}

interface Body {
  description?: string;
  content?: Record<string, { schema?: Schema }>;
}

interface RawOperation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: Body;
  responses?: Record<string, Body>;
}

/** One operation with where it is. */
export interface Operation {
  method: string;
  path: string;
  id: string;
  tag: string;
  summary: string;
  raw: RawOperation;
}

const METHODS = new Set(["get", "post", "put", "patch", "delete"]);

/** Every operation, in the document's order. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, raw]) => ({
        method: method.toUpperCase(),
        path,
        id: raw.operationId ?? `${method} ${path}`,
        tag: raw.tags?.[0] ?? "other",
        summary: raw.summary ?? "",
        raw,
      })),
  );
}

/** The schema a reference names. */
export function resolve(document: Document, schema: Schema | undefined): { name?: string; schema: Schema } {
  const name = schema?.$ref?.split("/").at(-1);
  if (!name) return { schema: schema ?? {} };
  return { name, schema: document.components?.schemas?.[name] ?? {} };
}

/** A schema in a few words: `array of Repo`, `string (uuid) or null`. */
export function shape(schema: Schema | undefined): string {
  if (!schema) return "any";
  if (schema.$ref) return schema.$ref.split("/").at(-1) ?? "any";
  const parts = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (parts) return parts.map(shape).join(schema.allOf ? " and " : " or ");
  if (schema.enum) return schema.enum.map(String).join(" | ");
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? "any"];
  return types
    .map((type) => (type === "array" ? `array of ${shape(schema.items)}` : schema.format && type !== "null" ? `${type} (${schema.format})` : type))
    .join(" or ");
}
