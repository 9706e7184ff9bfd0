import { describe, expectTypeOf, it } from "vitest";

import type { AnswerOf, BodyOf, Kit, Platform } from "../src/index.ts";

describe("types of the services' resources", () => {
  it("know what is sent and answered", () => {
    expectTypeOf<BodyOf<Platform["/api/v1/auth/preferences"], "put">>().toExtend<{ version: number }>();
    expectTypeOf<BodyOf<Platform["/api/v1/auth/login"], "post">>().toExtend<{ tenant: string; password: string }>();
    expectTypeOf<BodyOf<Kit["/api/v1/{cell}/_views"], "post">>().toExtend<{ entity: string; name: string }>();
    expectTypeOf<AnswerOf<Kit["/api/v1/{cell}/_views"], "get">>().not.toBeNever();
  });
});
