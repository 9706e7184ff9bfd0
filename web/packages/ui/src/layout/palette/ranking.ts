import type { Command } from "./commands.ts";

/** How well a command fits what is typed; 0 not at all. */
export function score(command: Command, typed: string): number {
  const text = typed.trim().toLowerCase();
  if (text === "") return 1;
  const title = command.title.toLowerCase();
  if (title === text) return 100;
  if (title.startsWith(text)) return 80;
  if (title.includes(text)) return 60;
  const all = `${title} ${command.group} ${command.words ?? ""}`.toLowerCase();
  if (text.split(/\s+/).every((word) => all.includes(word))) return 40;
  return isSpread(title, text) ? 10 : 0;
}

/** The best ones, best first; equals stay in their order. */
export function ranked(commands: readonly Command[], typed: string, most: number): Command[] {
  return commands
    .map((command, place) => ({ command, place, points: score(command, typed) }))
    .filter((item) => item.points > 0)
    .sort((one, other) => other.points - one.points || one.place - other.place)
    .slice(0, most)
    .map((item) => item.command);
}

/** The letters come in this order, with others between: 新报 finds 新建报价单. */
function isSpread(title: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters.replace(/\s/g, "")) {
    at = title.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
