/**
 * What `GET /api/v1/<cell>/_meta` answers (cellkit/meta.py and the features' own parts), in the caller's language and
 * by his permissions: what is not in it, the caller may not see.
 */

export type FieldKind =
  | "text"
  | "long_text"
  | "secret"
  | "integer"
  | "decimal"
  | "money"
  | "price"
  | "quantity"
  | "percent"
  | "flag"
  | "date"
  | "time"
  | "moment"
  | "choice"
  | "multi_choice"
  | "tags"
  | "dictionary"
  | "currency"
  | "reference"
  | "parent"
  | "external_reference"
  | "user"
  | "department"
  | "file"
  | "files"
  | "image"
  | "json"
  | "lines"
  | "row_id";

export type Operator =
  | "eq"
  | "ne"
  | "in"
  | "null"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "contains"
  | "starts"
  | "under"
  | "any"
  | "all";

export interface OptionMeta {
  value: string;
  label: string;
}

export interface CurrencyMeta {
  code: string;
  digits: number;
  label: string;
}

export interface FieldMeta {
  name: string;
  kind: FieldKind;
  label: string;
  required: boolean;
  readonly: boolean;
  /** Shown in lists by default. */
  list: boolean;
  search: boolean;
  index: boolean;
  unique: boolean;
  help: string | null;
  /** A field that the tenant has added (`x_…`). */
  custom: boolean;
  computed: boolean;
  /** It may be changed in every state of its document. */
  always_editable?: boolean;
  /** By which operators lists may be filtered; none where they may not. */
  operators: Operator[];
  default: unknown;
  masked?: boolean;
  revealable?: boolean;

  /** text, long_text, secret, tags: characters; integer: the greatest value. */
  max?: number | string | null;
  /** Numbers other than integers carry their bounds as decimal text. */
  min?: number | string | null;
  above?: string;
  /** Digits after the point. */
  scale?: number;
  /** money: a fixed currency, or the field that holds it. */
  currency?: string;
  currency_field?: string;
  /** quantity: a fixed unit, or the field that holds it. */
  unit?: string;
  unit_field?: string;
  /** text: `mobile`, `email`, `credit_code`, … */
  format?: string;
  /** choice, multi_choice. */
  options?: OptionMeta[];
  /** multi_choice, tags: how many at most. */
  most?: number;
  /** dictionary. */
  dictionary?: string;
  parent?: string | null;
  label_name?: string;
  /** currency. */
  currencies?: CurrencyMeta[];
  /** reference, parent, external_reference, user, department: the entity's key. */
  to?: string;
  tree?: boolean;
  label_field?: string;
  /** file, files, image. */
  max_bytes?: number;
  types?: string[];
  max_count?: number;
  /** lines (parameters of actions): the fields of a row, and the one that names the line which a row is about. */
  fields?: FieldMeta[];
  key?: string | null;
}

export interface LinesMeta {
  name: string;
  label: string;
  min: number;
  max: number;
  readonly: boolean;
  fields: FieldMeta[];
}

export interface GroupMeta {
  key: string;
  label: string;
  fields: string[];
  /** It stands after the document's lines. */
  after: boolean;
  /** Opened when somebody wants to see it. */
  folded: boolean;
}

export interface StateMeta {
  key: string;
  label: string;
  editable: boolean;
  deletable: boolean;
}

export interface ActionMeta {
  verb: string;
  label: string;
  /** The states it starts from; `null` for any. */
  source: string[] | null;
  target: string | null;
  /** The question to ask first. */
  confirm: string | null;
  parameters: FieldMeta[];
  /** Whether `GET` at the action's address tells what its parameters begin with. */
  preset?: boolean;
}

export type EntityKind = "document" | "ledger" | "balance";

export interface EntityMeta {
  key: string;
  kind: EntityKind;
  /** One of the kit's own (settings), not of the cell. */
  kit: boolean;
  label: string;
  /** `/api/v1/crm/quotes`. */
  path: string;
  /** The field that names a row; `number` or another. */
  title: string;
  /** Verbs that the caller holds: `read`, `create`, …, and those of the actions. */
  permissions: string[];
  fields: FieldMeta[];
  lines: LinesMeta[];
  /** Headings under which its fields are read; without them the form finds its own. */
  groups?: GroupMeta[];
  sortable: string[];
  standard_fields: Record<string, string>;
  /** Documents only. */
  states?: StateMeta[];
  actions?: ActionMeta[];
}

export interface ReportMeta {
  name: string;
  label: string;
  path: string;
  parameters: FieldMeta[];
}

export interface ApprovalMeta {
  path: string;
  boxes: { key: string; label: string }[];
  actions: Record<string, string>;
  entities: Record<
    string,
    {
      label: string;
      on: string;
      approved: string;
      rejected: string | null;
      withdrawn: string | null;
      state: string;
      default: Record<string, unknown>;
    }
  >;
  /** Documents without a flow of their own, whose actions a tenant's flow may hold. */
  held?: Record<string, { label: string; verbs: Record<string, string> }>;
  designer: Record<"who" | "modes" | "on_due" | "starter" | "empty" | "rights", string[]>;
}

export interface PrintMeta {
  name: string;
  label: string;
  paper: string;
  per: "document" | "list" | "line";
}

/** The features' parts; each is absent where the caller has no use for it. */
export interface FeaturesMeta {
  approval?: ApprovalMeta;
  jobs?: { path: string; permissions: string[]; names: Record<string, string> };
  exchange?: { path: string; documents: Record<string, string> };
  privacy?: { path: string; permissions: string[]; criteria: string[] };
  files?: { path: string; manage: boolean; previews: string[] };
  printing?: {
    entities: Record<string, { path: string; prints: PrintMeta[] }>;
    log: boolean;
    papers?: string[];
    codes?: string[];
  };
  notifications?: {
    inbox: string;
    preferences: string;
    deliveries?: string;
    recipients?: string[];
    happenings?: Record<string, { label: string; happens: string[] }>;
  };
  permissions?: { explain: string; others: boolean; matrix?: string };
  /** `entities`: a mark of the shipped views of each; they have changed when it has. */
  views?: { path: string; share: boolean; entities: Record<string, string>; scans?: { id: string; entity: string; name: string }[] };
  reporting?: { path: string; run: string; deliveries: string; subscriptions: string; share: boolean };
  agents?: { path: string };
  /** Documents whose history and comments are shown at `<path>/<id>/_history` and `_comments`. */
  timeline?: { entities: string[] };
}

export interface CellMeta extends FeaturesMeta {
  cell: string;
  version: string;
  label: string;
  entities: EntityMeta[];
  reports: ReportMeta[];
}

/** `GET /api/v1/platform/cells`. */
export interface PlatformCell {
  name: string;
  label: { zh: string; en: string };
  version: string;
  light: "green" | "yellow" | "red";
  enabled: boolean;
  path: string;
  reason: string | null;
}

/** A row of an entity as JSON: its fields, the standard ones, `<reference>_label` beside each reference. */
export type Row = Record<string, unknown> & { id: string };
/** A document's row. */
export type DocumentRow = Row & { version: number; state?: string; number?: string };
