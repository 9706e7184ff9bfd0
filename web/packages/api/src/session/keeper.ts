import { ApiError } from "../http/errors.ts";
import type { AppName, EndReason, Tokens } from "./types.ts";

/** A token is renewed when it has less than this left, so that no request starts with one that ends on the way. */
const MARGIN_MS = 30_000;

/** What the keeper needs from outside; tests give their own. */
export interface Surroundings {
  refresh: () => Promise<Tokens>;
  /** Tell the service that the session of the cookie is over. */
  end: () => Promise<unknown>;
  now: () => number;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  locks: Pick<LockManager, "request"> | undefined;
  channel: Pick<BroadcastChannel, "postMessage" | "onmessage"> | undefined;
  /** When a person last did something in any window of the app. */
  activeAt: () => number;
}

/** What tabs tell each other. Never a token: whoever listens on the channel learns nothing of use. */
type Message = { type: "signed-out" } | { type: "signed-in"; userId: string; tenantId: string };

/**
 * Keeps the access token, in memory only, and renews it through the cookie.
 *
 * Within a tab one renewal runs at a time; across tabs they take turns where the browser has locks. Where it has none
 * (plain http in a company's network) two may run at once: the service gives both the same successor.
 */
export class Keeper {
  private readonly app: AppName;
  private readonly around: Surroundings;
  private readonly onEnd: (reason: EndReason) => void;
  private tokens: Tokens | null = null;
  private endsAt = 0;
  private renewal: Promise<string | null> | null = null;

  constructor(app: AppName, around: Surroundings, onEnd: (reason: EndReason) => void) {
    this.app = app;
    this.around = around;
    this.onEnd = onEnd;
    if (around.channel !== undefined) {
      around.channel.onmessage = (event: MessageEvent<Message>) => {
        this.hear(event.data);
      };
    }
  }

  /** The tenant and user of the session, `null` without one. */
  get who(): Pick<Tokens, "tenantId" | "userId"> | null {
    return this.tokens;
  }

  get mustChangePassword(): boolean {
    return this.tokens?.mustChangePassword ?? false;
  }

  /**
   * Whether a session may be there to go on with. Only the cookie knows for sure; this mark spares a first visit
   * the refused request.
   */
  get mayResume(): boolean {
    return this.around.storage.getItem(this.mark) !== null;
  }

  /** A login or a changed password has given these. */
  take(tokens: Tokens): void {
    this.set(tokens);
    this.around.storage.setItem(this.mark, "1");
    this.tell({ type: "signed-in", userId: tokens.userId, tenantId: tokens.tenantId });
  }

  /** A token that is good for a while yet. */
  async token(): Promise<string | null> {
    if (this.tokens === null) return null;
    if (this.around.now() < this.endsAt - MARGIN_MS) return this.tokens.accessToken;
    return this.renewInUse();
  }

  /** After a token was refused: the one that another request has already renewed, or a new one. */
  async renewed(refused: string): Promise<string | null> {
    if (this.tokens !== null && this.tokens.accessToken !== refused) return this.tokens.accessToken;
    return this.renewInUse();
  }

  /** Ask the cookie for a token; `null` when there is no session. Fails when the platform cannot be asked. */
  renew(): Promise<string | null> {
    this.renewal ??= this.inTurn().finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  /** The session is over here, and in the other tabs if a person has ended it. */
  forget(reason: EndReason): void {
    const had = this.tokens !== null;
    this.tokens = null;
    // With another person's session in the cookie the mark is his: a reload goes on with it.
    if (reason !== "other-tab") this.around.storage.removeItem(this.mark);
    if (reason === "signed-out") this.tell({ type: "signed-out" });
    if (had) this.onEnd(reason);
  }

  /**
   * What pages ask by themselves (numbers in the menu, progress) must not keep a session alive that nobody uses: after
   * the idle time, which is as long as the cookie lives, it ends here as it would have ended without those questions.
   */
  private async renewInUse(): Promise<string | null> {
    if (this.tokens === null) return this.renew();
    if (this.around.now() - this.around.activeAt() < this.tokens.refreshExpiresIn * 1000) return this.renew();
    await this.around.end().catch(() => undefined);
    this.forget("idle");
    return null;
  }

  private async inTurn(): Promise<string | null> {
    const { locks } = this.around;
    if (locks === undefined) return this.ask();
    return locks.request(`superpaas-${this.app}-refresh`, async () => this.ask());
  }

  private async ask(): Promise<string | null> {
    const before = this.tokens;
    try {
      const tokens = await this.around.refresh();
      if (before !== null && (before.userId !== tokens.userId || before.tenantId !== tokens.tenantId)) {
        // The cookie is another person's by now: what this tab shows is not his.
        this.forget("other-tab");
        return null;
      }
      this.set(tokens);
      this.around.storage.setItem(this.mark, "1");
      return tokens.accessToken;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 400 || error.status === 403)) {
        // A token that had time left and a cookie that did too: somebody has ended the session.
        this.forget(before !== null && this.around.now() < this.endsAt - MARGIN_MS ? "kicked" : "expired");
        return null;
      }
      throw error;
    }
  }

  private set(tokens: Tokens): void {
    this.tokens = tokens;
    this.endsAt = this.around.now() + tokens.expiresIn * 1000;
  }

  private hear(message: Message): void {
    if (this.tokens === null) return;
    if (message.type === "signed-out") this.forget("other-tab");
    else if (message.userId !== this.tokens.userId || message.tenantId !== this.tokens.tenantId) {
      this.forget("other-tab");
    }
  }

  private tell(message: Message): void {
    this.around.channel?.postMessage(message);
  }

  private get mark(): string {
    return `superpaas.${this.app}.session`;
  }
}
