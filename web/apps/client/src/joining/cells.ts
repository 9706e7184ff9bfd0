import { useMetadata, useSession, type CellMeta } from "@superpaas/api";

/**
 * The metadata of every cell that the user may enter and that is switched on. Those that cannot be asked are left out;
 * `useMetadata().failures` says why.
 */
export async function enteredCells(): Promise<CellMeta[]> {
  const metadata = useMetadata();
  const session = useSession();
  if (!metadata.loaded) await metadata.loadCells();
  const mine = metadata.cells.filter((cell) => cell.enabled && session.mayEnter(cell.name));
  const found = await Promise.allSettled(mine.map((cell) => metadata.load(cell.name)));
  return found.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
}

/** The name of a cell as the user reads it, also of one that does not answer. */
export function cellLabel(name: string, language: string): string {
  const metadata = useMetadata();
  const known = metadata.metas.get(name)?.label;
  if (known !== undefined) return known;
  const cell = metadata.cells.find((item) => item.name === name);
  return (language === "en-US" ? cell?.label.en : cell?.label.zh) ?? name;
}

/** The page of a row from the address that a service gives it: `/api/v1/crm/quotes/<id>` → `/c/crm/quotes/<id>`. */
export function pageOfPath(path: string | null): string | null {
  const found = /^\/api\/v1\/([\w-]+)\/([\w-]+)\/([\w-]+)$/.exec(path ?? "");
  return found === null ? null : `/c/${found.slice(1).join("/")}`;
}
