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
  isOperator: boolean;
  mustChangePassword: boolean;
  /** The cells of the tenant's package; `null` or absent for all. */
  cells?: string[] | null;
}

/** Why there is no session any more. */
export type EndReason = "signed-out" | "expired" | "other-tab";
