import { describe, expect, it } from "vitest";

import { placesOf, sidesOf, stateOf, widthOf, type TopologyNode } from "./graph.ts";

function node(name: string, kind: TopologyNode["kind"]): TopologyNode {
  return { name, kind, label: { zh: name, en: name }, light: null, reason: null, instances: 1, requests_in: 0, errors_in: 0, requests_out: 0 };
}

describe("the picture of the calls", () => {
  it("goes from callers over cells to the platform", () => {
    const places = placesOf([node("identity", "platform"), node("users", "users"), node("erp", "cell")]);
    const x = (name: string): number => places.get(name)?.x ?? -1;
    expect(x("users")).toBeLessThan(x("erp"));
    expect(x("erp")).toBeLessThan(x("identity"));
  });

  it("leads from the callers to the platform under the cells", () => {
    const places = placesOf([node("identity", "platform"), node("users", "users"), node("crm", "cell"), node("erp", "cell")]);
    const y = (name: string): number => places.get(name)?.y ?? -1;
    expect(Math.min(y("users"), y("identity"))).toBeGreaterThan(Math.max(y("crm"), y("erp")));
  });

  it("puts no two nodes on one place, with thirteen cells in two columns", () => {
    const cells = Array.from({ length: 13 }, (_item, place) => node(`c${place}`, "cell"));
    const places = [...placesOf([...cells, node("users", "users"), node("gateway", "gateway")]).values()];
    expect(new Set(places.map((place) => `${place.x}/${place.y}`)).size).toBe(15);
    expect(new Set(places.map((place) => place.x)).size).toBe(4);
  });

  it("leaves a node towards the other one", () => {
    expect(sidesOf({ x: 0, y: 0 }, { x: 9, y: 5 })).toEqual({ source: "right", target: "left" });
    expect(sidesOf({ x: 9, y: 0 }, { x: 0, y: 5 })).toEqual({ source: "left", target: "right" });
    expect(sidesOf({ x: 0, y: 9 }, { x: 0, y: 5 })).toEqual({ source: "top", target: "bottom" });
  });

  it("draws more traffic wider and errors in their colour", () => {
    expect(widthOf({ request_rate: 100 })).toBeGreaterThan(widthOf({ request_rate: 1 }));
    expect(widthOf({ request_rate: 1e9 })).toBe(6);
    expect([stateOf({ errors: 0, error_ratio: 0 }), stateOf({ errors: 1, error_ratio: 0.01 }), stateOf({ errors: 9, error_ratio: 0.2 })]).toEqual(["good", "some", "bad"]);
  });
});
