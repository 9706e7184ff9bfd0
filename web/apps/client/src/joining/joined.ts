/** One of several lists that are shown as one; `page` answers what follows a cursor. */
export interface Source<T> {
  key: string;
  page: (cursor: string | null) => Promise<{ items: T[]; next: string | null }>;
}

interface Stream<T> {
  source: Source<T>;
  waiting: T[];
  cursor: string | null;
  ended: boolean;
}

/**
 * Several sorted lists as one sorted list, page by page. A list that fails is left out and named in `failures`; the
 * others go on, because one stopped application must not take away the work of all.
 */
export class Joined<T> {
  readonly failures = new Map<string, unknown>();
  private streams: Stream<T>[];
  private readonly compare: (one: T, other: T) => number;

  /** `compare` has to be the order in which every source answers. */
  constructor(sources: readonly Source<T>[], compare: (one: T, other: T) => number) {
    this.streams = sources.map((source) => ({ source, waiting: [], cursor: null, ended: false }));
    this.compare = compare;
  }

  /** Whether everything has been given. */
  get complete(): boolean {
    return this.streams.every((stream) => stream.ended && stream.waiting.length === 0);
  }

  /** The next ones; fewer only when there are no more. */
  async more(count: number): Promise<T[]> {
    const found: T[] = [];
    while (found.length < count) {
      await this.fill();
      const first = this.first();
      if (first === null) break;
      const item = first.waiting.shift();
      if (item !== undefined) found.push(item);
    }
    // Looking ahead: whether a button "more" leads anywhere has to be known before it is shown.
    await this.fill();
    return found;
  }

  /** No source may be empty while it has more: its next item could be the next of all. */
  private async fill(): Promise<void> {
    const hungry = this.streams.filter((stream) => stream.waiting.length === 0 && !stream.ended);
    await Promise.all(hungry.map((stream) => this.feed(stream)));
    this.streams = this.streams.filter((stream) => !this.failures.has(stream.source.key));
  }

  private async feed(stream: Stream<T>): Promise<void> {
    try {
      const { items, next } = await stream.source.page(stream.cursor);
      stream.waiting.push(...items);
      stream.cursor = next;
      stream.ended = next === null;
      // An empty page with a cursor is an answer too: rows may have been left out on the way.
      if (items.length === 0 && next !== null) await this.feed(stream);
    } catch (error) {
      this.failures.set(stream.source.key, error);
    }
  }

  private first(): Stream<T> | null {
    let best: Stream<T> | null = null;
    for (const stream of this.streams) {
      const [mine] = stream.waiting;
      const [theirs] = best?.waiting ?? [];
      if (mine !== undefined && (theirs === undefined || this.compare(mine, theirs) < 0)) best = stream;
    }
    return best;
  }
}

/** Newest first: ids are made in the order of time. */
export function newestFirst(one: { id: string }, other: { id: string }): number {
  return one.id === other.id ? 0 : one.id > other.id ? -1 : 1;
}
