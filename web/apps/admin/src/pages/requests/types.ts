/** One request as the gateway answered it. */
export interface RequestLine {
  request_id: string | null;
  trace_id: string | null;
  at: string;
  method: string;
  path: string;
  status: number | null;
  duration_ms: number | null;
  service_ms: number | null;
  caller: string | null;
  service: string | null;
  tenant_id: string | null;
  user_id: string | null;
  client_address: string | null;
  instance: string | null;
  bytes_sent: number | null;
  flags: string | null;
  details: string | null;
}

export interface Span extends RequestLine {
  parent: number | null;
  depth: number;
  kind: "request" | "call" | "later" | "event";
  offset_ms: number;
}

export interface LogRecord {
  at: string | null;
  service: string;
  level: string;
  message: string;
  component: string | null;
  request_id: string | null;
  fields: Record<string, unknown>;
}

export interface Trace {
  request_id: string;
  trace_id: string | null;
  asked: number | null;
  spans: Span[];
  truncated: boolean;
  logs: LogRecord[];
}
