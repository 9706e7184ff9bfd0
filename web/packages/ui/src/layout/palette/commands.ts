import { computed, onScopeDispose, shallowReactive, type ComputedRef } from "vue";

/** Something that a person can do by its name: go somewhere, make something, act on what is open. */
export interface Command {
  /** Unique; the last one registered under an id counts. */
  id: string;
  title: string;
  /** The heading under which it is shown. */
  group: string;
  /** Other words by which it is found. */
  words?: string;
  /** Shown beside it: `Ctrl+S`. */
  keys?: string;
  run: () => void | Promise<void>;
}

/** Commands that have to be asked for, such as documents by their number. */
export type CommandSearch = (text: string, signal: AbortSignal) => Promise<Command[]>;

const sources = shallowReactive(new Set<() => readonly Command[]>());
const searches = shallowReactive(new Set<CommandSearch>());

/**
 * Add commands for as long as the component (or effect scope) lives. The source is read when the palette is open and may
 * use reactive state: commands of a form follow its document.
 */
export function useCommands(source: () => readonly Command[]): void {
  sources.add(source);
  onScopeDispose(() => sources.delete(source));
}

/** Add a search for as long as the component (or effect scope) lives. */
export function useCommandSearch(search: CommandSearch): void {
  searches.add(search);
  onScopeDispose(() => searches.delete(search));
}

/** All commands that there are now. */
export function allCommands(): ComputedRef<Command[]> {
  return computed(() => {
    const found = new Map<string, Command>();
    for (const source of sources) for (const command of source()) found.set(command.id, command);
    return [...found.values()];
  });
}

/** Ask all searches; one that fails leaves the others' answers. */
export async function searchCommands(text: string, signal: AbortSignal): Promise<Command[]> {
  const answers = await Promise.allSettled([...searches].map((search) => search(text, signal)));
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}
