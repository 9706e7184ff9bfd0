import { segment, useApi } from "@superpaas/api";
import { ask, tell, tellError, tellUndo } from "@superpaas/ui/feedback";

import { useWords } from "../../running/words.ts";
import type { CellAction, CellSummary } from "./types.ts";

const CONSEQUENCES: Partial<Record<CellAction, number>> = { disable: 3, stop: 3, restart: 2, remove: 2 };

/** Act on a cell: asked first where people would notice, with what they would notice. */
export function useCellActions(after: () => Promise<void>) {
  const api = useApi();
  const { t, label } = useWords();

  async function act(action: CellAction, cell: Pick<CellSummary, "name" | "label">): Promise<boolean> {
    const name = label(cell.label);
    const told = CONSEQUENCES[action];
    if (told !== undefined) {
      const sure = await ask({
        title: t(`pages.cells.ask.${action}.title`, { name }),
        consequences: Array.from({ length: told }, (_item, place) => t(`pages.cells.ask.${action}.c${place + 1}`)),
        confirm: t(`pages.cells.action.${action}`),
        danger: true,
      });
      if (!sure) return false;
    }
    try {
      await send(action, cell.name);
    } catch (error) {
      tellError(error);
      await after();
      return false;
    }
    const done = t(`pages.cells.done.${action}`, { name });
    if (action === "disable") {
      tellUndo(done, async () => {
        await send("enable", cell.name);
        await after();
      });
    } else tell(done);
    await after();
    return true;
  }

  async function send(action: CellAction, name: string): Promise<void> {
    const path = `/api/admin/cells/${segment(name)}`;
    if (action === "remove") await api.delete(path);
    else await api.post(`${path}/${action}`, undefined, { timeoutMs: 90_000 });
  }

  return { act };
}
