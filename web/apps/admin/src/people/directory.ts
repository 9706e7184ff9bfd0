import { listAll, useApi } from "@superpaas/api";

import type { Department, Package, Role, Tenant } from "./types.ts";

const MOST = 5000;

export const PATHS = {
  users: "/api/admin/users",
  roles: "/api/admin/roles",
  departments: "/api/admin/departments",
  tenants: "/api/admin/tenants",
  packages: "/api/admin/packages",
  sessions: "/api/admin/sessions",
  permissions: "/api/admin/permissions",
  settings: "/api/admin/tenant-settings",
  keys: "/api/admin/signing-keys",
  audit: "/api/v1/identity/audit",
} as const;

export async function readDepartments(): Promise<Department[]> {
  return (await listAll<Department>(useApi(), PATHS.departments, { sort: ["path"] }, MOST)).items;
}

export async function readRoles(): Promise<Role[]> {
  return (await listAll<Role>(useApi(), PATHS.roles, {}, MOST)).items;
}

export async function readPackages(): Promise<Package[]> {
  return (await listAll<Package>(useApi(), PATHS.packages, {}, MOST)).items;
}

export async function readTenants(): Promise<Tenant[]> {
  return (await listAll<Tenant>(useApi(), PATHS.tenants, { sort: ["name"] }, MOST)).items;
}
