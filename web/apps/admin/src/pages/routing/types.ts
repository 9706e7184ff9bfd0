import type { Difference } from "../../running/differences.ts";

/** What `/api/admin/routes` answers. */
export interface CellRoute {
  path: string;
  enabled: boolean;
  /** `null`: the gateway's own. */
  timeout_seconds: number | null;
}

export interface PlatformRoute {
  path: string;
  service: string;
  access: string;
  match: string;
  login: boolean;
  account: boolean;
}

export interface RouteTable {
  version: number;
  cells: Record<string, CellRoute>;
  platform: PlatformRoute[];
}

export interface RouteVersion {
  version: number;
  changed_at: string;
  actor: string;
  action: string;
  difference: Difference[];
}
