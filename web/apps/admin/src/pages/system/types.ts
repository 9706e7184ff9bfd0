import type { TwoLabels } from "../../running/words.ts";

/** What `/api/admin/system` and its parts answer. */
export interface Disk {
  name: string;
  path: string;
  bytes: number;
  free_bytes: number;
}

export interface Process {
  name: string;
  kind: string;
  pid: number | null;
  port: number | null;
  ready: boolean;
  problem: string | null;
  restarts: number;
  uptime_seconds: number | null;
  pss_bytes: number | null;
}

export interface SecretAge {
  name: string;
  changed_at: string;
  age_days: number;
  private: boolean;
}

export interface SystemInformation {
  versions: { commit: string | null; packages: Record<string, string>; python: string; system: string };
  host: {
    name: string;
    cores: number;
    load: number[];
    memory_bytes: number | null;
    memory_available_bytes: number | null;
    swap_bytes: number | null;
    swap_free_bytes: number | null;
  };
  disks: Disk[];
  platform: { phase: string | null; started_at: string | null; notices?: string[]; pss_bytes?: number };
  processes: Process[];
  keys: SecretAge[];
}

export interface DatabaseSize {
  name: string;
  bytes: number;
  connections: number;
  commits: number;
  rollbacks: number;
  deadlocks: number;
  temp_bytes: number;
  cache_hit_percent: number | null;
}

export interface Statement {
  database: string;
  query: string;
  calls: number;
  rows: number;
  total_ms: number;
  mean_ms: number;
  max_ms: number;
  blocks_read: number;
  temp_blocks: number;
}

export interface Databases {
  server: {
    version: string;
    started_at: string;
    max_connections: number;
    connections: number;
    waiting_for_locks: number;
    longest_transaction_seconds: number | null;
  };
  databases: DatabaseSize[];
  statements: Statement[];
  statements_missing: TwoLabels | null;
}

export interface Licence {
  name: string;
  version: string;
  licence: string | null;
  url: string | null;
}
