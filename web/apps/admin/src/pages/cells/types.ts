import type { Light } from "../../running/lights.ts";
import type { TwoLabels } from "../../running/words.ts";

export interface CellSummary {
  name: string;
  label: TwoLabels;
  version: string;
  light: Light;
  reason: string;
  since: string | null;
  enabled: boolean;
  stopped: boolean;
  instances: number;
}

export interface Instance {
  instance_id: string;
  url: string;
  version: string;
  ready: boolean;
  problem: string | null;
  checked_at: string | null;
  registered_at: string | null;
}

export interface CellDetail extends Omit<CellSummary, "instances"> {
  path: string;
  timeout_seconds: number | null;
  instances: Instance[];
  breaker: { phase: "closed" | "open" | "half_open"; requests: number; failures: number };
  manifest: Record<string, unknown>;
}

export interface LightChange {
  light: Light;
  reason: string;
  changed_at: string;
}

export type CellAction = "enable" | "disable" | "stop" | "start" | "restart" | "remove";

/** What may be done to a cell as it is now, in the order of the buttons. */
export function actionsOf(cell: Pick<CellSummary, "enabled" | "stopped"> & { instances: number }): CellAction[] {
  const switching: CellAction = cell.enabled ? "disable" : "enable";
  if (cell.stopped) return [switching, "start", ...(cell.instances === 0 ? (["remove"] as const) : [])];
  return [switching, "restart", "stop", ...(cell.instances === 0 ? (["remove"] as const) : [])];
}
