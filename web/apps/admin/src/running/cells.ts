import { useApi, useMetadata, useSession, type ApiClient } from "@superpaas/api";

import type { TwoLabels } from "./words.ts";

/** What one cell has answered, or why it has not. */
export interface OfCell<T> {
  cell: string;
  label: TwoLabels;
  value: T | null;
  failure: unknown;
}

/** Ask every cell in which the permission is held, side by side: one that is stopped does not hide the others. */
export function useCells() {
  const api = useApi();
  const metadata = useMetadata();
  const session = useSession();

  async function ask<T>(permission: string, read: (api: ApiClient, cell: string) => Promise<T>): Promise<OfCell<T>[]> {
    const cells = await metadata.loadCells();
    const allowed = cells.filter((cell) => session.can(`${cell.name}.${permission}`));
    return Promise.all(
      allowed.map(async ({ name, label }) => {
        try {
          return { cell: name, label, value: await read(api, name), failure: null };
        } catch (failure) {
          return { cell: name, label, value: null, failure };
        }
      }),
    );
  }

  return { ask };
}
