/** Which app this is: each has its own cookie, so that one may be signed in and the other not. */
export type AppName = "client" | "admin";

/** What `login`, `refresh` and `change-password` answer to a web app: the refresh token is in the cookie. */
export interface Tokens {
  accessToken: string;
  tokenType: "Bearer";
  expiresIn: number;
  refreshExpiresIn: number;
  tenantId: string;
  userId: string;
  mustChangePassword: boolean;
}

export interface Login {
  tenant: string;
  username: string;
  password: string;
}

/** `GET /api/v1/auth/me`: the role document and what the page's head shows. */
export interface Me {
  userId: string;
  tenantId: string;
  version: string;
  username: string;
  displayName: string;
  departmentId: string | null;
  departmentIds: string[];
  teamUserIds: string[];
  roles: string[];
  permissions: string[];
  scopes: Record<string, string>;
  fieldRules: Record<string, string>;
  language: string;
  timeZone: string;
  tenantCode: string;
  tenantName: string;
  tenantLanguage: string;
  tenantTimeZone: string;
  isOperator: boolean;
  mustChangePassword: boolean;
  sessionId: string | null;
  /** The user's departments, from the topmost down to his own. */
  departments: { id: string; name: string }[];
  /** The cells and features of the tenant's package; `null` for all. */
  cells: string[] | null;
  features: string[] | null;
  lastLoginAt: string | null;
  passwordChangedAt: string | null;
  passwordPolicy: { minLength: number; maxLength: number; classes: number; history: number; expireDays: number };
  /** Minutes without a request after which the session ends; 0 for the platform's own time. */
  sessionIdleMinutes: number;
}

/** Why there is no session any more. */
export type EndReason = "signed-out" | "expired" | "idle" | "kicked" | "other-tab";
