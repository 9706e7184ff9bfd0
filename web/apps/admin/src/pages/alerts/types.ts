import type { TwoLabels } from "../../running/words.ts";

/** What `/api/admin/alerts` and its parts answer. */
export type Severity = "warning" | "critical";
export type AlertState = "pending" | "firing" | "acknowledged" | "resolved";
export type Unit = "count" | "ratio" | "ms" | "seconds" | "hours";

export interface Alert {
  id: number;
  rule: string;
  subject: string;
  severity: Severity;
  state: AlertState;
  value: number;
  reason: string;
  pending_at: string;
  fired_at: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  note: string | null;
  resolved_at: string | null;
  label: TwoLabels | null;
  help: TwoLabels | null;
  unit: Unit | null;
}

export interface Alerts {
  items: Alert[];
  next: string | null;
  counts: Partial<Record<AlertState, number>>;
}

export interface RuleSettings {
  enabled: boolean;
  threshold: number;
  for_seconds: number;
  severity: Severity;
  least_requests: number;
}

export interface Rule extends RuleSettings {
  id: string;
  label: TwoLabels;
  help: TwoLabels;
  unit: Unit;
  defaults: RuleSettings;
  version: number;
  changed_at: string | null;
  changed_by: string | null;
}

export interface Silence {
  id: number;
  rule: string;
  subject: string;
  until: string;
  reason: string;
  made_at: string;
  made_by: string;
}

export const CHANNEL_TYPES = ["email", "webhook", "wecom", "dingtalk", "feishu"] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** A channel as it is read: secrets never come back. */
export interface Channel {
  id: number;
  name: string;
  type: ChannelType;
  severity: Severity;
  enabled: boolean;
  version: number;
  changed_at: string;
  changed_by: string;
  host?: string;
  port?: number;
  security?: "tls" | "starttls" | "none";
  username?: string;
  sender?: string;
  sender_name?: string;
  recipient?: string;
  language?: "zh-CN" | "en-US";
  last_at: string | null;
  last_error: TwoLabels | null;
}
