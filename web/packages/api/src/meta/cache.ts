import Dexie, { type EntityTable } from "dexie";

import { safeStorage } from "../session/app.ts";

/** What an ETag stands for, of one user in one language. */
export interface Kept {
  /** `<tenant>/<user>/<language>/<path>`. */
  key: string;
  etag: string;
  body: unknown;
}

class Database extends Dexie {
  kept!: EntityTable<Kept, "key">;

  constructor(app: string) {
    super(`superpaas-${app}-metadata`);
    this.version(1).stores({ kept: "key" });
  }
}

/**
 * Answers that are asked for again with their ETag, between visits.
 *
 * Browsers may forbid the database (private windows, full disks): the cache is then empty, and nothing else changes.
 */
export class MetadataCache {
  private readonly database: Database;
  /** Tells the early questions of the next visit that the metadata of lists need not be among them. */
  private readonly mark: string;

  constructor(app: string) {
    this.database = new Database(app);
    this.mark = `superpaas.${app}.kept`;
  }

  async get(key: string): Promise<Kept | undefined> {
    // On a first visit nothing is kept, and opening the database to see so would be what the first page waits for.
    if (safeStorage().getItem(this.mark) === null) return undefined;
    return this.database.kept.get(key).catch(() => undefined);
  }

  async put(kept: Kept): Promise<void> {
    await this.database.kept.put(kept).then(
      () => { safeStorage().setItem(this.mark, "1"); },
      () => undefined,
    );
  }

  /** Nothing of a session stays behind on the machine. */
  async wipe(): Promise<void> {
    safeStorage().removeItem(this.mark);
    await this.database.kept.clear().catch(() => undefined);
  }
}

/**
 * Forget all databases that the pages of an app have made (`superpaas-<app>-…`) when its user signs out, but those
 * named `superpaas-<app>-kept-…`: what is not yet sent must not be lost.
 */
export async function wipeDatabases(app: string): Promise<void> {
  try {
    const names = await Dexie.getDatabaseNames();
    const mine = names.filter((name) => name.startsWith(`superpaas-${app}-`) && !name.startsWith(`superpaas-${app}-kept-`));
    // The open database of metadata is emptied by itself; deleting it would wait for its closing.
    await Promise.all(mine.filter((name) => !name.endsWith("-metadata")).map((name) => Dexie.delete(name)));
  } catch {
    // Browsers without databases have nothing to forget.
  }
}
