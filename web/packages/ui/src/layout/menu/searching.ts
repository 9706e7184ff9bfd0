import type { MenuItem, MenuSection } from "./types.ts";

/** Whether all words are in a text, in any order and case. */
export function matches(text: string, wanted: string): boolean {
  const lower = text.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** The menu with what matches only; a section's own name keeps all of it. */
export function found(sections: readonly MenuSection[], wanted: string): MenuSection[] {
  const text = wanted.trim();
  if (text === "") return [...sections];
  return sections
    .map((section) => ({
      ...section,
      groups: section.groups
        .map((group) => ({ ...group, folded: false, items: group.items.filter((item) => fits(item, section, text)) }))
        .filter((group) => group.items.length > 0),
    }))
    .filter((section) => section.groups.length > 0);
}

/** All entries, with the section that each is in. */
export function allItems(sections: readonly MenuSection[]): { item: MenuItem; section: MenuSection }[] {
  return sections.flatMap((section) =>
    section.groups.flatMap((group) => group.items.map((item) => ({ item, section }))),
  );
}

function fits(item: MenuItem, section: MenuSection, wanted: string): boolean {
  return matches(`${item.label} ${item.words ?? ""} ${section.label}`, wanted);
}
