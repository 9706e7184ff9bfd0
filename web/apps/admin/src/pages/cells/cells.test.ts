import { describe, expect, it } from "vitest";

import { resolved, sectionsOf, type ApiDocument } from "./openapi.ts";
import { actionsOf } from "./types.ts";

const DOCUMENT: ApiDocument = {
  info: { title: "ERP", version: "1" },
  paths: {
    "/items": { get: { summary: "Item list", tags: ["item"], responses: {} }, post: { summary: "New item", tags: ["item"], responses: {} } },
    "/orders": { get: { summary: "Order list", tags: ["order"], responses: {} } },
  },
  components: { schemas: { Node: { type: "object", properties: { next: { $ref: "#/components/schemas/Node" } } } } },
};

describe("the API page", () => {
  it("groups by tag and finds by several words", () => {
    expect(sectionsOf(DOCUMENT, "").map(({ tag, entries }) => [tag, entries.length])).toEqual([["item", 2], ["order", 1]]);
    expect(sectionsOf(DOCUMENT, "list order").map(({ tag }) => tag)).toEqual(["order"]);
    expect(sectionsOf(DOCUMENT, "post items")[0]?.entries.map((entry) => entry.method)).toEqual(["POST"]);
  });

  it("ends schemas that contain themselves", () => {
    expect(JSON.stringify(resolved({ $ref: "#/components/schemas/Node" }, DOCUMENT))).toContain('{"$ref":"Node"}');
  });
});

describe("what may be done to a cell", () => {
  it("follows its state", () => {
    expect(actionsOf({ enabled: true, stopped: false, instances: 1 })).toEqual(["disable", "restart", "stop"]);
    expect(actionsOf({ enabled: false, stopped: true, instances: 0 })).toEqual(["enable", "start", "remove"]);
  });
});
