import type { FieldMeta, FilterValue } from "@superpaas/api";

import { formatField, type FormatContext } from "../../fields/format.ts";
import { sentenceOf } from "./sentences.ts";
import { arity, type Node } from "./tree.ts";

type Translate = (key: string, named?: Record<string, unknown>) => string;

interface Around {
  t: Translate;
  locale: string;
  fieldOf: (name: string) => FieldMeta | undefined;
  /** Labels of references, by id. */
  labels: ReadonlyMap<string, string>;
  format: FormatContext;
}

/** A condition in words, for its chip. */
export function wordsOf(node: Node, around: Around): string {
  const { t } = around;
  if (node.kind === "given") {
    // What stands in an address may be the language itself, which says nothing to most people.
    if (node.where === null || typeof node.where !== "object") return t("list.filter.given");
    return sentenceOf(node.where, { t, fieldOf: around.fieldOf, term: (term) => wordsOf(term, around), value: (value, field) => valueWords(value, field, around) });
  }
  if (node.kind === "group") {
    return node.items.map((item) => wordsOf(item, around)).join(` ${t(`list.filter.${node.joined}`)} `);
  }
  const field = around.fieldOf(node.field);
  const label = field?.label ?? node.field;
  const asked = t(`list.asked.${node.asked}`);
  if (arity(node.asked) === "none") return `${label} ${asked}`;
  if (node.asked === "period") return `${label} ${periodWords(String(node.value), t)}`;
  const values = (Array.isArray(node.value) ? node.value : [node.value]).map((value) => valueWords(value, field, around));
  if (node.asked === "between") return `${label} ${values[0] || "…"} – ${values[1] || "…"}`;
  const shown = values.length > 3 ? `${values.slice(0, 3).join("、")} +${values.length - 3}` : values.join("、");
  return `${label} ${asked} ${shown}`;
}

/** `last_days:30` → "last 30 days". */
export function periodWords(period: string, t: Translate): string {
  const [word = "", count] = period.split(":");
  return t(`list.period.${word}`, { count: count ?? "" });
}

function valueWords(value: FilterValue, field: FieldMeta | undefined, around: Around): string {
  if (value === null || value === "") return "";
  if (field === undefined) return String(value);
  const label = around.labels.get(String(value));
  if (label !== undefined) return label;
  const single: FieldMeta = field.kind === "multi_choice" ? { ...field, kind: "choice" } : field.kind === "tags" ? { ...field, kind: "text" } : field;
  return formatField(single, { [field.name]: value }, around.locale, around.format);
}
