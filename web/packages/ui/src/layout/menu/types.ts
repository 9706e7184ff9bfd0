import type { Component } from "vue";

/** One entry of the menu. */
export interface MenuItem {
  /** Where it leads; unique in the menu. */
  to: string;
  label: string;
  icon?: Component;
  /** Other words by which it is found: the English name, the entity's key. */
  words?: string;
  /** A number beside it, such as open tasks. */
  badge?: number | undefined;
}

export interface MenuGroup {
  label: string;
  items: MenuItem[];
  /** Folded away at first: settings. */
  folded?: boolean;
}

/** What belongs together: an application, with its groups. */
export interface MenuSection {
  key: string;
  label: string;
  groups: MenuGroup[];
  state: "ready" | "loading" | "stopped";
  /** Why it is stopped. */
  reason?: string | undefined;
  to?: string;
}
