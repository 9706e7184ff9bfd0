import type { ApiClient } from "../http/client.ts";
import type { MetadataCache } from "./cache.ts";


/** `GET` with the ETag of what is kept: the body is transferred only when it has changed. */
export async function fetchWithTag<T>(
  api: ApiClient,
  cache: MetadataCache,
  owner: string,
  path: string,
): Promise<{ body: T; changed: boolean }> {
  const key = `${owner}/${path}`;
  const kept = await cache.get(key);
  const headers: Record<string, string> = kept === undefined ? {} : { "If-None-Match": kept.etag };
  const answer = await api.ask<T>("GET", path, undefined, { headers });
  if (answer.status === 304 && kept !== undefined) return { body: kept.body as T, changed: false };
  const etag = answer.headers.get("etag");
  // Nobody waits for it to be written.
  if (etag !== null) void cache.put({ key, etag, body: answer.body });
  return { body: answer.body, changed: true };
}
