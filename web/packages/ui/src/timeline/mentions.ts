/** A piece of a comment: plain text, or the mention of a person. */
export type Piece = { text: string } | { user: string; name: string };

const MENTION = /@\[([^\]\n]{1,100})\]\(([0-9a-f-]{36})\)/g;

/** A comment in pieces: mentions are kept as `@[name](id)`. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(MENTION)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    pieces.push({ name: found[1] ?? "", user: found[2] ?? "" });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** What a person has typed, with the mentions that he has picked: `@张三` becomes `@[张三](id)`. */
export function written(text: string, picked: readonly { id: string; name: string }[]): string {
  // Longer names first: 张三丰 must not become a mention of 张三.
  const people = [...picked].sort((one, other) => other.name.length - one.name.length);
  let rest = text;
  let made = "";
  while (rest !== "") {
    const person = people.find((item) => rest.startsWith(`@${item.name}`));
    if (person === undefined) {
      made += rest[0];
      rest = rest.slice(1);
    } else {
      made += `@[${person.name.replaceAll(/[[\]\n]/g, " ")}](${person.id})`;
      rest = rest.slice(person.name.length + 1);
    }
  }
  return made;
}
