/** One entry of a trail; identity writes what was before and after as texts, cells as objects. */
export interface AuditEntry {
  id: string;
  at: string;
  user_id: string;
  action: string;
  entity: string;
  entity_id: string;
  before: unknown;
  after: unknown;
  request_id: string;
  address: string | null;
  sequence: number | null;
  agent?: string;
  channel?: string;
  /** Values that were erased on the person's demand. */
  erased?: string[];
}

export interface Difference {
  name: string;
  before: string;
  after: string;
}

/** What an entry says of the values before and after. */
export function valuesOf(value: unknown): Record<string, unknown> {
  if (typeof value === "string") {
    try {
      return valuesOf(JSON.parse(value));
    } catch {
      return { "": value };
    }
  }
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What has changed, by field; for what was made or deleted, all that it had. */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const old = valuesOf(before);
  const now = valuesOf(after);
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names
    .map((name) => ({ name, before: textOf(old[name]), after: textOf(now[name]) }))
    .filter((line) => line.before !== line.after);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What is narrowed by; empty texts ask for nothing. */
export interface Narrowing {
  user_id: string;
  entity: string;
  entity_id: string;
  action: string;
  request_id: string;
  from: string;
  to: string;
}

export function given(narrowing: Narrowing): Record<string, string> {
  return Object.fromEntries(Object.entries(narrowing).filter(([, value]) => value.trim() !== "").map(([name, value]) => [name, value.trim()]));
}

/** A trail's state, whoever tells it: whole, damaged, and what is not linked yet. */
export interface Verdict {
  holds: boolean;
  checked: number;
  open: number;
  /** Where the first damage is. */
  broken: string;
  head: string;
}

interface OwnVerification {
  sealed: number;
  open: number;
  holds: boolean;
  first_bad: string | null;
}

interface CellVerification {
  holds: boolean;
  checked: number;
  next: string | null;
  broken: { sequence?: number; id?: string | null; reason?: string } | null;
  head: { sequence: number; chain_hash: string };
  unsealed: number;
}

export function ownVerdict({ sealed, open, holds, first_bad: bad }: OwnVerification): Verdict {
  return { holds, checked: sealed, open, broken: bad ?? "", head: "" };
}

/** A cell's chain is checked in several calls, each going on where the one before stopped. */
export async function cellVerdict(ask: (cursor: string | null) => Promise<CellVerification>, progress: (checked: number) => void): Promise<Verdict> {
  let checked = 0;
  let cursor: string | null = null;
  for (;;) {
    const part: CellVerification = await ask(cursor);
    checked += part.checked;
    progress(checked);
    if (part.next === null || !part.holds) {
      const { broken, head, holds, unsealed } = part;
      const place = broken === null ? "" : [broken.sequence, broken.reason, broken.id].filter((word) => word !== undefined && word !== null).join(" · ");
      return { holds, checked, open: unsealed, broken: place, head: head.sequence === 0 ? "" : `${head.sequence} · ${head.chain_hash}` };
    }
    cursor = part.next;
  }
}

const FORMULA = /^[=+\-@\t\r]/;

/** A table as CSV that a spreadsheet opens without running what somebody has typed. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((text) => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`).join(",")).join("\r\n");
}
