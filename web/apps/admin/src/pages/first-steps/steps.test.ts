import { describe, expect, it } from "vitest";

import { stepsOf, type Found } from "./steps.ts";

const FRESH: Found = { tenants: 1, packages: 0, departments: 0, roles: 1, users: 1, policyChanged: false };

describe("the first steps", () => {
  it("are all open on a fresh installation, for the operator as for a tenant", () => {
    expect(stepsOf(FRESH, true).map(({ key, done }) => [key, done])).toEqual([["package", false], ["tenant", false], ["operators", false], ["policy", false]]);
    expect(stepsOf(FRESH, false).every((step) => !step.done)).toBe(true);
  });

  it("are done by what is there", () => {
    const steps = stepsOf({ ...FRESH, tenants: 2, policyChanged: true }, true);
    expect(steps.filter((step) => step.done).map((step) => step.key)).toEqual(["tenant", "policy"]);
  });

  it("leave out what cannot be seen", () => {
    expect(stepsOf({ ...FRESH, roles: null, policyChanged: null }, false).map((step) => step.key)).toEqual(["department", "user"]);
  });
});
