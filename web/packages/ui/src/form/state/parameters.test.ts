import { describe, expect, it } from "vitest";

import type { FieldMeta } from "@superpaas/api";

import { gridOf, parameterErrors, parametersBody, startOf } from "./parameters.ts";

function field(name: string, kind: string, over: Partial<FieldMeta> = {}): FieldMeta {
  return { name, kind, label: name, required: false, readonly: false, default: null, computed: false, operators: [], ...over } as FieldMeta;
}

const lines = field("lines", "lines", {
  key: "line_id",
  min: 1,
  max: 500,
  fields: [field("line_id", "row_id", { required: true }), field("open_quantity", "quantity", { readonly: true }), field("quantity", "quantity")],
});
const fields = [field("date", "date"), field("post", "flag"), lines];
const preset = {
  date: "2026-03-01",
  lines: [
    { line_id: "a", open_quantity: "5.000000", quantity: "5.000000" },
    { line_id: "b", open_quantity: "2.000000", quantity: "2.000000" },
    { line_id: "c", open_quantity: "1.000000", quantity: "1.000000" },
  ],
};

describe("lines as a parameter of an action", () => {
  it("begin with what the action proposes", () => {
    const values = startOf(fields, preset);
    expect(values["date"]).toBe("2026-03-01");
    expect(values["post"]).toBe(false);
    expect(values["lines"]).toHaveLength(3);
  });

  it("are sent with their keys; those without a quantity stay behind, and problems find their lines", () => {
    const values = startOf(fields, preset);
    const rows = values["lines"] as Record<string, unknown>[];
    (rows[0] as Record<string, unknown>)["quantity"] = "0.00";
    (rows[1] as Record<string, unknown>)["quantity"] = "1.5";
    const { body, positions } = parametersBody(fields, values);
    expect(body).toEqual({ date: "2026-03-01", lines: [{ line_id: "b", quantity: "1.5" }, { line_id: "c", quantity: "1.000000" }] });
    const errors = parameterErrors(fields, [{ field: "lines[1].quantity", rule: "max", message: "too many" }, { field: "date", rule: "type", message: "no day" }], positions);
    expect(errors.lines).toEqual({ lines: { 2: { quantity: "too many" } } });
    expect(errors.fields).toEqual({ date: "no day" });
  });

  it("that are all taken away choose nothing, and say so", () => {
    expect(parametersBody(fields, { lines: [] }).body).toEqual({ lines: [] });
    expect(parametersBody([{ ...lines, key: null }], { lines: [] }).body).toEqual({});
  });

  it("take no further lines where the action names them", () => {
    expect(gridOf(lines, 3)).toMatchObject({ max: 3, fields: [{ name: "line_id", readonly: true }, {}, {}] });
    expect(gridOf({ ...lines, key: null }, 3).max).toBe(500);
  });
});
