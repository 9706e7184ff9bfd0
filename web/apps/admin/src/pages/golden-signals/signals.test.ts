import { expect, it } from "vitest";

import { summaryOf, valuesOf, type Point } from "./signals.ts";

function point(change: Partial<Point>): Point {
  return {
    at: 0, request_rate: 0, error_rate: 0, error_ratio: 0, p50_ms: null, p95_ms: null, p99_ms: null, in_flight: 0, connections_in_use: null,
    cpu_cores: null, memory_bytes: null, instances: 1, instances_up: 1, ...change,
  };
}

it("a busy minute counts more than an idle one", () => {
  const found = summaryOf([point({ request_rate: 9, error_rate: 1, p95_ms: 100 }), point({ request_rate: 1, p95_ms: 1000, instances_up: 0, memory_bytes: 7 })]);
  expect(found).toMatchObject({ request_rate: 5, error_ratio: 0.1, p95_ms: 190, p50_ms: null, memory_bytes: 7, instances_up: 0 });
  expect(summaryOf([])).toBeNull();
});

it("a line has gaps where nothing was measured", () => {
  expect(valuesOf([point({ p95_ms: 1.26 }), point({})], (item) => item.p95_ms, 1)).toEqual(["1.3", null]);
});
