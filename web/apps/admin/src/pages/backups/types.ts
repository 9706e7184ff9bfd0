/** What `/api/admin/backups` answers. */
export interface RestoreTest {
  id: string;
  at: string;
  holds: boolean;
  problems: string[];
  seconds: number;
  restore_seconds?: number;
  actor: string;
  databases?: Record<string, { tables: number; rows: number; audit_chains: number; audit_entries: number }>;
}

export interface Backup {
  id: string;
  started_at: string;
  consistent_at: string;
  finished_at: string;
  seconds: number;
  actor: string;
  version: string;
  postgres: string;
  databases: Record<string, number>;
  bytes: number;
  audit_chains: number;
  verified: RestoreTest | null;
}

export interface WholeBackup extends Backup {
  files: string;
  system: string;
  parts: { name: string; bytes: number; sha256: string }[];
}

export interface Schedule {
  at: string;
  keep: number;
  test_every_days: number;
}

export interface Running {
  what: "backup" | "verify";
  id: string;
  actor: string;
  at: string;
}

export interface Backups {
  folder: string;
  schedule: Schedule;
  running: Running | null;
  last_failure: { at: string; id: string; actor: string; error: string } | null;
  last_test: RestoreTest | null;
  recovery: { point_seconds: number | null; time_seconds: number | null };
  items: Backup[];
}
