import { ref, shallowReactive, type Ref } from "vue";
import { useI18n } from "vue-i18n";

import { ApiError, isEditable, titleOf, useApi, useSession, type DocumentRow, type EntityMeta, type FieldMeta, type Row } from "@superpaas/api";

import { tell, tellError, tellUndo, wordsOf } from "../feedback/index.ts";
import { problemOf } from "../fields/check.ts";
import type { Edit, Pasted } from "../grid/types.ts";
import { taskOf, type Task } from "./batch/running.ts";
import { lookUp, NotFoundByText } from "./lookups.ts";
import { planPaste, type PastedRow, type PastePlan } from "./pasting.ts";

export interface Changes {
  failed: ReadonlyMap<string, string>;
  mayEdit: (row: Row, field: FieldMeta) => boolean;
  edit: (edit: Edit) => Promise<void>;
  plan: Ref<PastePlan | null>;
  paste: (pasted: Pasted, rows: readonly Row[], fields: readonly FieldMeta[]) => void;
  pasteTasks: (plan: PastePlan) => Task[];
}

/** Changes made in the list itself: of a cell, or of many by a paste. */
export function useChanges(entity: EntityMeta, again: (ids: readonly string[]) => Promise<void>): Changes {
  const { t } = useI18n();
  const failed = shallowReactive(new Map<string, string>());
  const plan = ref<PastePlan | null>(null) as Ref<PastePlan | null>;
  const NOT_IN_CELLS = new Set(["file", "files", "image", "json", "secret", "long_text"]);

  function mayEdit(row: Row, field: FieldMeta): boolean {
    const standard = !entity.fields.some((own) => own.name === field.name);
    return !standard && !field.readonly && !field.computed && field.masked !== true && !NOT_IN_CELLS.has(field.kind) && isEditable(entity, row as DocumentRow);
  }

  async function edit({ row, field, value }: Edit): Promise<void> {
    const key = `${row.id}/${field.name}`;
    const problem = problemOf(field, value, t);
    if (problem !== null) {
      failed.set(key, problem);
      tell(`${field.label}：${problem}`, "warning");
      return;
    }
    const before = row[field.name] ?? null;
    try {
      const made = await write(row, { [field.name]: value });
      failed.delete(key);
      await again([row.id]);
      tellUndo(t("list.edit.saved", { name: `${titleOf(entity, row)} ${field.label}` }), async () => {
        await write({ ...row, version: made.version }, { [field.name]: before });
        await again([row.id]);
      });
    } catch (error) {
      failed.set(key, wordsOf(error));
      if (error instanceof ApiError && error.isVersionConflict) {
        tell(t("list.edit.conflict", { title: titleOf(entity, row) }), "warning");
        await again([row.id]).catch(tellError);
      } else tellError(error);
    }
  }

  function write(row: Row, values: Record<string, unknown>, requestId?: string): Promise<DocumentRow> {
    const body = { ...values, version: row["version"] };
    return useApi().patch<DocumentRow>(`${entity.path}/${encodeURIComponent(row.id)}`, body, requestId === undefined ? {} : { requestId });
  }

  function paste(pasted: Pasted, rows: readonly Row[], fields: readonly FieldMeta[]): void {
    const mayCreate = entity.kind === "document" && entity.permissions.includes("create");
    const own = fields.map((field) => (entity.fields.some((one) => one.name === field.name) ? field : { ...field, readonly: true }));
    plan.value = planPaste(pasted, { rows, fields: own, mayEdit, mayCreate, zone: useSession().timeZone });
  }

  function pasteTasks(given: PastePlan): Task[] {
    return given.rows.map((item, index) => {
      const title = item.row === null ? t("list.paste.newRow", { line: index + 1 }) : titleOf(entity, item.row);
      return taskOf(item.row?.id ?? `new:${index}`, title, async (requestId) => {
        const values = { ...item.values, ...(await looked(item)) };
        if (item.row !== null) return write(item.row, values, requestId);
        return useApi().post(entity.path, values, { requestId });
      });
    });
  }

  async function looked(item: PastedRow): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const { field, text } of item.lookups) {
      try {
        found[field.name] = await lookUp(entity, field, text);
      } catch (error) {
        if (!(error instanceof NotFoundByText)) throw error;
        throw new ApiError(400, { code: "NOT_FOUND_BY_TEXT", message: t("list.paste.notFound", { text: error.message }), requestId: "" });
      }
    }
    return found;
  }

  return { failed, mayEdit, edit, plan, paste, pasteTasks };
}
