import { describe, expect, it } from "vitest";

import type { RoleBody, RuleName } from "../../people/types.ts";
import { bodyOf, changesOf, expanded, givenBy, isChanged, withKey, withPermission, withStar } from "./rights.ts";

const ROLE: RoleBody = {
  code: "sales",
  name: "销售",
  permissions: ["crm.lead.read", "crm.quote.*"],
  default_scope: "self",
  scopes: { "crm.lead": "department" },
  custom_department_ids: { "crm.lead": ["a", "b"] },
  field_rules: { "crm.lead.mobile": "mask" },
};

describe("a permission", () => {
  it("is given by its own line, by a star, or not at all", () => {
    expect(givenBy(ROLE.permissions, "crm.lead.read")).toBe("crm.lead.read");
    expect(givenBy(ROLE.permissions, "crm.quote.delete")).toBe("crm.quote.*");
    expect(givenBy(ROLE.permissions, "crm.lead.update")).toBeNull();
    expect(givenBy(["*"], "platform.identity.tenant.read")).toBeNull();
  });

  it("is given once and taken", () => {
    expect(withPermission(["b"], "a", true)).toEqual(["a", "b"]);
    expect(withPermission(["a", "b"], "a", true)).toEqual(["a", "b"]);
    expect(withPermission(["a", "b"], "a", false)).toEqual(["b"]);
  });
});

describe("a star", () => {
  it("takes the place of what it covers", () => {
    expect(withStar(["crm.lead.read", "erp.order.read"], "crm.*", true)).toEqual(["crm.*", "erp.order.read"]);
    expect(withStar(["crm.*", "erp.order.read"], "crm.*", false)).toEqual(["erp.order.read"]);
  });

  it("can be written out, which loses nothing that it covers", () => {
    const names = ["crm.lead.read", "crm.lead.update", "erp.order.read"];
    expect(expanded(["crm.*"], "crm.*", names)).toEqual(["crm.lead.read", "crm.lead.update"]);
  });
});

describe("the changes", () => {
  it("are none for a copy, and the order of departments is no difference", () => {
    const copy = bodyOf({ ...ROLE, custom_department_ids: { "crm.lead": ["b", "a"] } });
    expect(isChanged(changesOf(bodyOf(ROLE), copy))).toBe(false);
  });

  it("name what is given, taken and otherwise", () => {
    const after = bodyOf({ ...ROLE, permissions: ["crm.lead.read", "erp.*"], scopes: {}, field_rules: withKey<RuleName>(ROLE.field_rules, "crm.lead.phone", "hide") });
    expect(changesOf(bodyOf(ROLE), after)).toEqual({ given: ["erp.*"], taken: ["crm.quote.*"], others: ["crm.lead", "crm.lead.phone"] });
  });
});

describe("a key", () => {
  it("is set and taken away without touching the others", () => {
    expect(withKey({ a: 1, b: 2 }, "a", undefined)).toEqual({ b: 2 });
    expect(withKey({ a: 1 }, "b", 2)).toEqual({ a: 1, b: 2 });
  });
});
