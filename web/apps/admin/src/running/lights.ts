export type Light = "green" | "yellow" | "red";

/** `NOT_READY:database` → the code, and the check that has failed. */
export function partsOf(reason: string): { code: string; check: string } {
  const [code = "", ...rest] = reason.split(":");
  return { code, check: rest.join(":") };
}

const ORDER: Record<string, number> = { red: 0, yellow: 1, green: 2 };

/** The worst first, then by name: what needs somebody is on top. */
export function byLight<T extends { light: string | null; name: string }>(items: readonly T[]): T[] {
  const rank = (light: string | null): number => ORDER[light ?? ""] ?? 1;
  return [...items].sort((one, other) => rank(one.light) - rank(other.light) || one.name.localeCompare(other.name));
}

/** A process that an operator has stopped is not one that is missed. */
export function toldReason(cell: { reason: string; stopped?: boolean }): string {
  return cell.stopped === true && cell.reason === "NOT_REGISTERED" ? "STOPPED_BY_OPERATOR" : cell.reason;
}
