/** One thing to do after a fresh installation; `done` is found in the data, not ticked by hand. */
export interface Step {
  key: string;
  to: string;
  done: boolean;
}

/** What there is already; `null` for what the user may not see, or what could not be asked. */
export interface Found {
  tenants: number | null;
  packages: number | null;
  departments: number | null;
  roles: number | null;
  users: number | null;
  /** Whether the security policy is another one than that of a fresh installation. */
  policyChanged: boolean | null;
}

/** The steps of the operator, or of a tenant's administrator: those whose state can be seen. */
export function stepsOf(found: Found, isOperator: boolean): Step[] {
  const all: (Step | null)[] = isOperator
    ? [
        step("package", "/packages?id=new", found.packages, 0),
        // The operator's own tenant is there from the start.
        step("tenant", "/tenants?id=new", found.tenants, 1),
        step("operators", "/users?id=new", found.users, 1),
      ]
    : [
        step("department", "/organisation?id=new-root", found.departments, 0),
        // A tenant begins with one role and one user: its administrator.
        step("role", "/roles", found.roles, 1),
        step("user", "/users?id=new", found.users, 1),
      ];
  if (found.policyChanged !== null) all.push({ key: "policy", to: "/security-policy", done: found.policyChanged });
  return all.filter((item) => item !== null);
}

function step(key: string, to: string, count: number | null, from: number): Step | null {
  return count === null ? null : { key, to, done: count > from };
}
