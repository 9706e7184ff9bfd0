/** Only what the page shows of an OpenAPI document. */
export interface ApiDocument {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, unknown> };
}

export interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  operationId?: string;
  parameters?: { name?: string; in?: string; required?: boolean; description?: string; schema?: unknown; $ref?: string }[];
  requestBody?: unknown;
  responses?: Record<string, { description?: string }>;
}

export interface Entry {
  id: string;
  method: string;
  path: string;
  operation: Operation;
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Operations by their first tag, in the document's order; `wanted` narrows by path and summary. */
export function sectionsOf(document: ApiDocument, wanted: string): { tag: string; entries: Entry[] }[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const sections = new Map<string, Entry[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined) continue;
      const text = `${method} ${path} ${operation.summary ?? ""} ${operation.operationId ?? ""}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
      const tag = operation.tags?.[0] ?? "";
      const entries = sections.get(tag) ?? [];
      entries.push({ id: `${method} ${path}`, method: method.toUpperCase(), path, operation });
      sections.set(tag, entries);
    }
  }
  return [...sections].map(([tag, entries]) => ({ tag, entries }));
}

/** A schema with the named ones put in, three steps deep: deeper ones are told by their name. */
export function resolved(schema: unknown, document: ApiDocument, depth = 3): unknown {
  if (Array.isArray(schema)) return schema.map((item) => resolved(item, document, depth));
  if (schema === null || typeof schema !== "object") return schema;
  const name = /^#\/components\/(\w+)\/(.+)$/.exec(String((schema as { $ref?: unknown }).$ref ?? ""));
  if (name !== null) {
    const parts = document.components as Record<string, Record<string, unknown>> | undefined;
    const found = parts?.[name[1] ?? ""]?.[name[2] ?? ""];
    return depth === 0 || found === undefined ? { $ref: name[2] } : resolved(found, document, depth - 1);
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolved(value, document, depth)]));
}
