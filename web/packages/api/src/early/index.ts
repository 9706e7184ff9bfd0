/**
 * What every page asks first, on its way while the program itself is still being fetched and read: the session's
 * renewal, then who I am, how I like it, the cells, and the metadata and views of the list in the address. The module
 * stands alone, so that it is a small file; it must not import anything. The client takes the answers when it comes to
 * these questions, and asks itself where there is none.
 */
interface Early {
  /** Answers to `GET`, by address. */
  answers: Map<string, Promise<Response>>;
  language: string;
  renewal: Promise<Response> | null;
}

interface Token {
  accessToken: string;
  tenantId: string;
  mustChangePassword: boolean;
}

/** Answers that are older may be outdated: the page was away. */
const FRESH_MS = 15_000;
const AUTH = "/api/v1/auth";

let early: Early | null = null;
let beganAt = 0;

/** Begin, if there may be a session to go on with. */
export function begin(app: string): void {
  try {
    if (early !== null || localStorage.getItem(`superpaas.${app}.session`) === null) return;
    beganAt = Date.now();
    early = { answers: new Map(), language: chosenLanguage(app), renewal: null };
    const { pathname } = location;
    early.renewal = inTurn(app, () => ask(`${AUTH}/refresh`, "POST", { "X-Session": app }));
    early.renewal.then((answer) => (answer.ok ? answer.clone().json() : null)).then((token: Token | null) => {
      // Before a password that has to be changed everything else is refused.
      if (token?.mustChangePassword === false) follow(app, token, pathname);
    }).catch(() => undefined);
  } catch {
    // Without storage, locks or the rest of it the program asks when it is there.
    early = null;
  }
}

/** The renewal that was begun, once; `null` where there is none, or the platform did not give it. */
export async function takeRenewal(): Promise<unknown> {
  const begun = fresh()?.renewal ?? null;
  if (early === null || begun === null) return null;
  early.renewal = null;
  const answer = await begun.catch(() => null);
  return answer?.ok === true ? answer.json() : null;
}

/** The answer to a `GET` that was asked early, once. */
export function takeAnswer(address: string, language: string): Promise<Response> | null {
  const now = fresh();
  const answer = now?.language === language ? now.answers.get(address) : undefined;
  now?.answers.delete(address);
  return answer ?? null;
}

function fresh(): Early | null {
  if (early !== null && Date.now() - beganAt > FRESH_MS) early = null;
  return early;
}

function follow(app: string, { accessToken, tenantId }: Token, pathname: string): void {
  const get = (address: string): Promise<Response> => {
    const answer = ask(address, "GET", { Authorization: `Bearer ${accessToken}`, "X-Tenant-Id": tenantId });
    answer.catch(() => undefined);
    early?.answers.set(address, answer);
    return answer;
  };
  get(`${AUTH}/me`);
  get(`${AUTH}/preferences`);
  if (app !== "client") return;
  const cells = get("/api/v1/platform/cells");
  const [, cell, entity] = /^\/c\/([\w-]+)\/([\w-]+)$/.exec(pathname) ?? [];
  // What is kept on the machine is shown at once; only a first visit waits for its metadata.
  if (cell === undefined || localStorage.getItem(`superpaas.${app}.kept`) !== null) return;
  cells.then((answer) => answer.clone().json()).then(async ({ items }: { items: { name: string; enabled: boolean; light: string }[] }) => {
    // A cell that is stopped is not asked.
    if (!items.some((item) => item.name === cell && item.enabled && item.light !== "red")) return;
    const answer = await get(`/api/v1/${cell}/_meta`);
    if (!answer.ok) return;
    const meta = (await answer.clone().json()) as { entities: { key: string; path: string }[] };
    const key = meta.entities.find((item) => item.path === `/api/v1/${cell}/${entity ?? ""}`)?.key;
    if (key !== undefined) get(`/api/v1/${cell}/_views?entity=${encodeURIComponent(key)}`);
  }).catch(() => undefined);
}

/** The whole answer: one that nobody comes to read must not keep its connection. */
async function ask(address: string, method: string, headers: Record<string, string>): Promise<Response> {
  const answer = await fetch(address, {
    method,
    headers: { Accept: "application/json", "Accept-Language": early?.language ?? "zh-CN", "X-Request-ID": requestId(), ...headers },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
  });
  const text = await answer.text();
  return new Response(text === "" ? null : text, { status: answer.status, headers: answer.headers });
}

/** Windows of one app renew their session one after the other, as the keeper has them do. */
async function inTurn(app: string, renew: () => Promise<Response>): Promise<Response> {
  const { locks } = navigator as { locks?: LockManager | null };
  return locks ? locks.request(`superpaas-${app}-refresh`, renew) : renew();
}

/** As the preferences have it, which the program reads when it is there. */
function chosenLanguage(app: string): string {
  const { language } = JSON.parse(localStorage.getItem(`superpaas.${app}.preferences`) ?? "{}") as { language?: string };
  if (language === "zh-CN" || language === "en-US") return language;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en-US";
}

function requestId(): string {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}
