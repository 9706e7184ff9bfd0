import Dexie, { type EntityTable } from "dexie";

import { useConnection } from "@superpaas/api";

import type { Draft } from "./model.ts";

/** What a person had written when the page went away. */
export interface KeptDraft {
  /** `<tenant>/<user>/<entity>/<id or new>`. */
  key: string;
  /** The version that it was written upon; 0 for a new document. */
  version: number;
  at: number;
  /** The row that it was written upon; absent for a new document. */
  base?: Draft;
  draft: Draft;
}

/** Drafts that nobody has come back to go. */
const KEPT_MS = 14 * 24 * 3600 * 1000;

class Database extends Dexie {
  drafts!: EntityTable<KeptDraft, "key">;

  constructor(app: string) {
    super(`superpaas-${app}-drafts`);
    this.version(1).stores({ drafts: "key, at" });
  }
}

let database: Database | null = null;

function table(): EntityTable<KeptDraft, "key"> {
  database ??= new Database(useConnection().app);
  return database.drafts;
}

export function draftKey(entity: string, id: string | undefined): string {
  const who = useConnection().keeper.who;
  return `${who?.tenantId ?? "-"}/${who?.userId ?? "-"}/${entity}/${id ?? "new"}`;
}

/** A browser that forbids databases keeps no drafts; the page works all the same. */
export async function keepDraft(kept: KeptDraft): Promise<void> {
  await table()
    .put(kept)
    .catch(() => undefined);
}

export async function keptDraft(key: string): Promise<KeptDraft | undefined> {
  const found = await table()
    .get(key)
    .catch(() => undefined);
  if (found !== undefined && Date.now() - found.at > KEPT_MS) {
    await dropDraft(key);
    return undefined;
  }
  return found;
}

export async function dropDraft(key: string): Promise<void> {
  await table()
    .delete(key)
    .catch(() => undefined);
}
