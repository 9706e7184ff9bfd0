import { h, type VNode } from "vue";

import type { FieldKind, FieldMeta, Row } from "@superpaas/api";

import FieldView from "../fields/FieldView.vue";
import { formatField, type FormatContext } from "../fields/format.ts";
import { isNumber } from "../fields/kinds.ts";
import { widgetFor } from "../fields/registry.ts";
import { toneOfState, toneOfWord } from "../fields/tones.ts";
import type { FieldContext } from "../fields/context.ts";

/** Kinds whose cells are only a text: a component for each of ten thousand of them would be felt. References have no link here. */
const PLAIN = new Set<FieldKind>([
  "text", "long_text", "integer", "decimal", "money", "price", "quantity", "percent", "date", "time", "moment", "currency", "json",
  "user", "department", "reference", "parent", "external_reference", "row_id",
]);

/** A cell's content; texts come only as texts, whatever they contain. */
export function cellContent(field: FieldMeta, row: Row, locale: string, format: FormatContext, context: FieldContext): VNode {
  const value = row[field.name];
  if (value === null || value === undefined || value === "") return h("span");
  if (widgetFor(field.kind, field.name, context.entity?.key)?.view === undefined && field.masked !== true) {
    if (PLAIN.has(field.kind) && field.format !== "email" && field.format !== "url") {
      const text = formatField(field, row, locale, format);
      return h("span", { class: isNumber(field.kind) ? "sp-value-number" : "", title: text.length > 16 ? text : undefined }, text);
    }
    if (field.kind === "choice") {
      const words = field.options?.map((option) => option.value) ?? [];
      const key = String(value);
      const tone = field.name === "state" ? toneOfState(key, context.entity?.states) : toneOfWord(key, words);
      // What ToneTag draws, without a component for each; its styles come with FieldView.
      return h("span", { class: "sp-tone", "data-tone": tone }, formatField(field, row, locale, format));
    }
  }
  return h(FieldView, { field, row, compact: true, link: false, context });
}
