import type { Difference } from "../../running/differences.ts";
import type { TwoLabels } from "../../running/words.ts";

/** What `/api/admin/configuration` answers. */
export type Value = number | string;

export interface Setting {
  name: string;
  group: string;
  label: TwoLabels;
  help: TwoLabels | null;
  unit: string;
  least: number | null;
  most: number | null;
  choices: string[];
  default: Value | null;
  /** `null` where the environment fixes it, or where nothing is set and there is no default. */
  value: Value | null;
  source: "default" | "console" | "environment";
  takes_effect: "immediately" | "restart";
  scope: string;
  /** The processes that do not yet run with the value. */
  restart: string[];
}

export interface Configuration {
  version: number;
  items: Setting[];
  restart: string[];
}

export interface Version {
  version: number;
  changed_at: string;
  actor: string;
  action: string;
  reason: string;
  difference: Difference[];
}
