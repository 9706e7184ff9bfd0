import { onScopeDispose, ref, shallowRef, type Ref } from "vue";

import type { FieldMeta, Row } from "@superpaas/api";

import type { Edit, Place } from "./types.ts";

interface Around {
  rowOf: (key: string) => Row | undefined;
  fieldOf: (name: string) => FieldMeta | undefined;
  mayEdit: (row: Row, field: FieldMeta) => boolean;
  save: (edit: Edit) => void;
  /** The keyboard goes back to the grid. */
  back: () => void;
}

/** One cell at a time is edited; leaving it keeps what was typed, Escape does not. */
export function useEditing(around: Around): {
  at: Readonly<Ref<Place | null>>;
  value: Ref<unknown>;
  begin: (place: Place, first?: string) => boolean;
  end: (keep: boolean) => void;
} {
  const at = shallowRef<Place | null>(null);
  const value = ref<unknown>(null);
  let before: unknown = null;

  function begin(place: Place, first?: string): boolean {
    const [row, field] = [around.rowOf(place.key), around.fieldOf(place.field)];
    if (row === undefined || field === undefined || !around.mayEdit(row, field)) return false;
    end(true);
    before = row[field.name] ?? null;
    at.value = place;
    value.value = first !== undefined && (field.kind === "text" || field.kind === "long_text") ? first : before;
    document.addEventListener("pointerdown", outside, true);
    requestAnimationFrame(focus);
    return true;
  }

  function end(keep: boolean): void {
    const place = at.value;
    if (place === null) return;
    document.removeEventListener("pointerdown", outside, true);
    at.value = null;
    const [row, field] = [around.rowOf(place.key), around.fieldOf(place.field)];
    if (keep && row !== undefined && field !== undefined && !same(before, value.value)) {
      around.save({ row, field, value: value.value });
    }
    around.back();
  }

  /** A press anywhere but in the cell or in what its input has opened ends the editing. */
  function outside(event: Event): void {
    const pressed = event.target instanceof Element ? event.target : null;
    if (pressed?.closest(".sp-cell-editing, .el-popper, .el-overlay, .el-dialog") === null) end(true);
  }

  function focus(): void {
    const input = document.querySelector<HTMLElement>(".sp-cell-editing input:not([type=file]), .sp-cell-editing textarea");
    input?.focus();
    // A list of choices is opened at once: that is what the cell was entered for.
    if (input?.getAttribute("role") === "combobox") input.click();
  }

  onScopeDispose(() => {
    document.removeEventListener("pointerdown", outside, true);
  });
  return { at, value, begin, end };
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
