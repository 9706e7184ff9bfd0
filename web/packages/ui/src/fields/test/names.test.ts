import { createPinia, setActivePinia } from "pinia";
import { beforeEach, describe, expect, it } from "vitest";

import { useMetadata, type CellMeta } from "@superpaas/api";

import { useNames } from "../names.ts";

describe("who has done something", () => {
  beforeEach(() => {
    setActivePinia(createPinia());
  });

  it("may be a cell, by its own name where it is known", () => {
    useMetadata().metas.set("crm", { cell: "crm", label: "客户关系管理" } as CellMeta);
    const names = useNames();
    expect(names.person("cell:crm")).toBe("客户关系管理");
    expect(names.person("cell:wms")).toBe("wms");
  });
});
