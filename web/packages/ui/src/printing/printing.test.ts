import { describe, expect, it } from "vitest";

import { choicesOf } from "./choices.ts";

describe("prints to choose from", () => {
  it("are the tenant's templates, then the declared look", () => {
    const found = choicesOf([{ name: "order", label: "订单", paper: "A4", per: "document", formats: ["pdf"], templates: [{ code: "red", name: "红头" }] }]);
    expect(found.map((item) => [item.key, item.code])).toEqual([["order/red", "red"], ["order", ""]]);
  });
});
