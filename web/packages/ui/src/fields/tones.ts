import type { StateMeta } from "@superpaas/api";

/** The colours that tags have; words of the views' settings. */
export const TONES = ["grey", "blue", "green", "yellow", "orange", "red", "purple"] as const;
export type Tone = (typeof TONES)[number];

const DONE = /^(done|closed?|completed?|finished|paid|won|accepted|approved|effective|active|posted|received|invoiced|signed|passed|enabled|converted)$/;
const ENDED = /^(cancell?ed|void(ed)?|rejected|lost|failed|expired|disabled|refused|blocked|invalid|terminated|frozen|inactive|retired)$/;
const WAITING = /^(pending|waiting|approving|submitted|review(ing)?|partly_\w+|partial\w*|in_\w+|hold|suspended|paused)$/;

/**
 * The colour of a state. Cells name their states with common words; a word that is none of them is grey while the
 * document may still be changed, and blue once it is on its way.
 */
export function toneOfState(key: string, states: readonly StateMeta[] = []): Tone {
  if (ENDED.test(key)) return /^(cancell?ed|void(ed)?|frozen|inactive|retired|disabled)$/.test(key) ? "grey" : "red";
  if (DONE.test(key)) return "green";
  if (WAITING.test(key)) return "orange";
  const state = states.find((item) => item.key === key);
  return state === undefined || state.editable ? "grey" : "blue";
}

/** One of the colours for a word, always the same: choices that have none of their own are told apart by it. */
export function toneOfWord(word: string, words: readonly string[]): Tone {
  const CYCLE: readonly Tone[] = ["blue", "green", "purple", "orange", "yellow", "grey"];
  const place = words.indexOf(word);
  return CYCLE[(place < 0 ? 5 : place) % CYCLE.length] ?? "grey";
}

/** What a dictionary says of an entry's colour; a colour that is not ours is grey. */
export function toneOf(text: unknown): Tone {
  return TONES.find((tone) => tone === text) ?? "grey";
}
