/** The people's side of the platform, as identity answers it. */

export interface User {
  id: string;
  username: string;
  display_name: string;
  department_id: string | null;
  is_active: boolean;
  must_change_password: boolean;
  language: string;
  time_zone: string;
  last_login_at: string | null;
  password_changed_at: string | null;
  locked_until: string | null;
  role_ids: string[];
  version: number;
  created_at: string;
  updated_at: string;
}

export type ScopeName = "self" | "team" | "department" | "custom" | "all";
export type RuleName = "hide" | "mask" | "read" | "edit";

/** What a role says: the part of it that the editor changes. */
export interface RoleBody {
  code: string;
  name: string;
  permissions: string[];
  default_scope: ScopeName;
  scopes: Record<string, ScopeName>;
  custom_department_ids: Record<string, string[]>;
  field_rules: Record<string, RuleName>;
}

export interface Role extends RoleBody {
  id: string;
  version: number;
  user_count?: number;
  updated_at: string;
}

export interface Department {
  id: string;
  parent_id: string | null;
  name: string;
  path: string;
  leader_id: string | null;
  sort_order: number;
  version: number;
}

export interface Tenant {
  id: string;
  code: string;
  name: string;
  is_operator: boolean;
  is_active: boolean;
  language: string;
  time_zone: string;
  package_id: string | null;
  version: number;
  created_at: string;
}

export interface Package {
  id: string;
  code: string;
  name: string;
  /** `null`: all cells, those of the future included. */
  cells: string[] | null;
  features: string[];
  most_users: number | null;
  storage_bytes: number | null;
  version: number;
}

/** A label in both languages, as the catalogue carries it. */
export interface Words {
  zh: string;
  en: string;
}

export interface Listed<T> {
  items: T[];
  next: string | null;
  total: number | null;
}
