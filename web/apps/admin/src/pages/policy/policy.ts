export interface Policy {
  password_min_length: number;
  password_classes: number;
  password_expire_days: number;
  password_history: number;
  password_must_change_first: boolean;
  session_idle_minutes: number;
  session_single_device: boolean;
  version: number;
}

export type Setting = Exclude<keyof Policy, "version">;

export const SETTINGS: Setting[] = [
  "password_min_length",
  "password_classes",
  "password_history",
  "password_expire_days",
  "password_must_change_first",
  "session_idle_minutes",
  "session_single_device",
];

/** The third level of 等保 as the product's documents set it; 0 days or minutes mean "never". */
export const LEVEL_THREE: Omit<Policy, "version"> = {
  password_min_length: 8,
  password_classes: 3,
  password_expire_days: 90,
  password_history: 5,
  password_must_change_first: true,
  session_idle_minutes: 30,
  session_single_device: false,
};

export function changed(before: Policy, after: Policy): Setting[] {
  return SETTINGS.filter((name) => before[name] !== after[name]);
}

/** Whether a value is weaker than the third level wants it. */
export function isWeaker(name: Setting, policy: Policy): boolean {
  const value = policy[name];
  const wanted = LEVEL_THREE[name];
  if (typeof value === "boolean") return wanted === true && !value;
  if (name === "password_expire_days" || name === "session_idle_minutes") return value === 0 || value > Number(wanted);
  return value < Number(wanted);
}
