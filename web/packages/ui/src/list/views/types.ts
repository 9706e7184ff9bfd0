import type { Filter } from "@superpaas/api";

import type { Tone } from "../../fields/tones.ts";
import type { Sort } from "../../grid/types.ts";

export interface ViewColumn {
  field: string;
  width?: number;
  freeze?: "left" | "right";
}

export interface Preset {
  label: string;
  where: unknown;
  active?: boolean;
}

/** What a view shows (docs/guide/views.md); kinds other than lists have more. */
export interface ViewSettings {
  columns?: ViewColumn[];
  filter?: Filter;
  where?: unknown;
  presets?: Preset[];
  sort?: Sort[];
  group?: string[];
  sums?: string[];
  colours?: { where: unknown; colour: Tone }[];
  density?: "compact" | "normal" | "wide";
  page_size?: number;
  [other: string]: unknown;
}

export type ViewKind = "list" | "kanban" | "calendar" | "gantt" | "pivot" | "tree";

/** A view as `GET /api/v1/<cell>/_views` tells of it. */
export interface View {
  id: string;
  origin: string;
  entity: string;
  kind: ViewKind;
  name: string;
  settings: ViewSettings;
  reduced: boolean;
  editable: boolean;
  sharing: "private" | "roles" | "all" | null;
  roles: string[] | null;
  role_default: boolean;
  version: number | null;
  default: boolean;
}
