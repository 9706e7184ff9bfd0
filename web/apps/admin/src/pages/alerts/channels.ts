import type { Channel, ChannelType, Severity } from "./types.ts";

/** What is typed into a channel's form; secrets begin empty and stay as they are when they do. */
export interface ChannelDraft {
  name: string;
  type: ChannelType;
  severity: Severity;
  enabled: boolean;
  language: "zh-CN" | "en-US";
  url: string;
  secret: string;
  host: string;
  port: number | null;
  security: "tls" | "starttls" | "none";
  username: string;
  password: string;
  sender: string;
  sender_name: string;
  recipient: string;
}

const MAIL = ["host", "port", "security", "username", "password", "sender", "sender_name", "recipient"] as const;
const ADDRESS = ["url", "secret"] as const;

export function draftOf(channel: Channel | null): ChannelDraft {
  return {
    name: channel?.name ?? "",
    type: channel?.type ?? "wecom",
    severity: channel?.severity ?? "warning",
    enabled: channel?.enabled ?? true,
    language: channel?.language ?? "zh-CN",
    url: "",
    secret: "",
    host: channel?.host ?? "",
    port: channel?.port ?? null,
    security: channel?.security ?? "tls",
    username: channel?.username ?? "",
    password: "",
    sender: channel?.sender ?? "",
    sender_name: channel?.sender_name ?? "",
    recipient: channel?.recipient ?? "",
  };
}

/** What is sent: only the fields of the channel's type. */
export function bodyOf(draft: ChannelDraft, version: number): Record<string, unknown> {
  const { name, type, severity, enabled, language } = draft;
  const body: Record<string, unknown> = { version, name, type, severity, enabled, language };
  for (const field of type === "email" ? MAIL : ADDRESS) body[field] = draft[field];
  return body;
}

/** The fields that cannot be empty: an address that is kept already need not be typed again. */
export function missingOf(draft: ChannelDraft, isNew: boolean): string[] {
  const needed: (keyof ChannelDraft)[] = ["name", ...(draft.type === "email" ? (["host", "sender", "recipient"] as const) : isNew ? (["url"] as const) : [])];
  return needed.filter((field) => String(draft[field] ?? "").trim() === "");
}
