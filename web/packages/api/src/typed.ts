import type { paths as KitPaths } from "./generated/kit.ts";
import type { paths as PlatformPaths } from "./generated/platform.ts";

/** The resources of identity, governance and monitor, by their path. */
export type Platform = PlatformPaths;
/** What the kit gives every cell, by paths with `{cell}` and `{plural}`. */
export type Kit = KitPaths;

type Verb = "get" | "post" | "put" | "patch" | "delete";
type Content<T> = T extends { content: { "application/json": infer Body } } ? Body : never;
type Good<T> = T extends { responses: infer Answers } ? Content<Answers[keyof Answers]> : never;

/** What a resource answers: `AnswerOf<Platform["/api/v1/auth/preferences"], "get">`. */
export type AnswerOf<Resource, Method extends Verb> = Resource extends Partial<Record<Method, infer Operation>>
  ? Good<NonNullable<Operation>>
  : never;

/** What a resource takes: `BodyOf<Platform["/api/v1/auth/preferences"], "put">`. */
export type BodyOf<Resource, Method extends Verb> = Resource extends Partial<Record<Method, infer Operation>>
  ? NonNullable<Operation> extends { requestBody?: infer Sent }
    ? Content<NonNullable<Sent>>
    : never
  : never;
