import { ApiError, errorOf, unanswered, withoutSession } from "./errors.ts";
import { newRequestId } from "./ids.ts";
import { queryString, type QueryValue } from "./query.ts";
import { waitBefore } from "./retry.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Who asks: what the client needs to know of the session. */
export interface Credentials {
  /** A token that is good for a while, `null` without a session. It renews one that is about to end. */
  token(): Promise<string | null>;
  /** The token was refused: a new one, or `null` when the session is over. */
  renewed(refused: string): Promise<string | null>;
  tenantId(): string | null;
  language(): string;
}

export interface Options {
  query?: Record<string, QueryValue>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Give the one of the first attempt when a person sends a write once more. */
  requestId?: string;
  /** Without it 30 seconds; 0 for no limit (uploads, downloads). */
  timeoutMs?: number;
  /** For the routes that need no session. */
  anonymous?: boolean;
}

/** An answer with what its headers say. */
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface ClientOptions {
  base?: string;
  /** The answer to a `GET` that was asked before the program was there. */
  early?: (address: string, language: string) => Promise<Response> | null;
  /** Told of every error that the whole app should act on. */
  onError?: (error: ApiError) => void;
  wait?: (ms: number) => Promise<void>;
}

const USUAL_TIMEOUT_MS = 30_000;

/** The way to the gateway. One per app; see {@link useApi}. */
export class ApiClient {
  readonly base: string;
  private readonly credentials: Credentials;
  private readonly early: NonNullable<ClientOptions["early"]>;
  private readonly onError: (error: ApiError) => void;
  private readonly wait: (ms: number) => Promise<void>;

  constructor(credentials: Credentials, options: ClientOptions = {}) {
    this.base = options.base ?? "";
    this.credentials = credentials;
    this.early = options.early ?? (() => null);
    this.onError = options.onError ?? (() => undefined);
    this.wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  async get<T>(path: string, options?: Options): Promise<T> {
    return (await this.ask<T>("GET", path, undefined, options)).body;
  }

  async post<T>(path: string, body?: unknown, options?: Options): Promise<T> {
    return (await this.ask<T>("POST", path, body, options)).body;
  }

  async put<T>(path: string, body?: unknown, options?: Options): Promise<T> {
    return (await this.ask<T>("PUT", path, body, options)).body;
  }

  async patch<T>(path: string, body?: unknown, options?: Options): Promise<T> {
    return (await this.ask<T>("PATCH", path, body, options)).body;
  }

  async delete<T = undefined>(path: string, options?: Options): Promise<T> {
    return (await this.ask<T>("DELETE", path, undefined, options)).body;
  }

  /** JSON out and in, with status and headers; 304 has no body. */
  async ask<T>(method: Method, path: string, body?: unknown, options: Options = {}): Promise<Answer<T>> {
    const response = await this.send(method, path, body, options);
    const text = await response.text().catch((cause: unknown) => {
      const requestId = response.headers.get("x-request-id") ?? "";
      throw unanswered(...whyUnanswered(cause, options.signal, requestId));
    });
    const read = text === "" ? undefined : (JSON.parse(text) as unknown);
    return { status: response.status, headers: response.headers, body: read as T };
  }

  /** The answer as it came, once it is one of success: for files and streams. Throws {@link ApiError} otherwise. */
  async send(method: Method, path: string, body?: unknown, options: Options = {}): Promise<Response> {
    const requestId = options.requestId ?? newRequestId();
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await this.authorised(method, path, body, { ...options, requestId });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const pause = options.signal?.aborted === true ? null : waitBefore(error, repeats);
        if (pause === null) {
          this.onError(error);
          throw error;
        }
        await this.wait(pause);
      }
    }
  }

  /** One attempt; a refused token is renewed and the request sent once more, with the same id. */
  private async authorised(method: Method, path: string, body: unknown, options: Options): Promise<Response> {
    if (options.anonymous === true) return this.once(method, path, body, options, null);
    const token = await this.credentials.token();
    // Between the end of a session and the login page nothing is asked that can only be refused.
    if (token === null) throw withoutSession(options.requestId ?? "");
    try {
      return await this.once(method, path, body, options, token);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const renewed = await this.credentials.renewed(token);
      if (renewed === null) throw error;
      return this.once(method, path, body, options, renewed);
    }
  }

  private async once(
    method: Method,
    path: string,
    body: unknown,
    options: Options,
    token: string | null,
  ): Promise<Response> {
    const requestId = options.requestId ?? newRequestId();
    const limit = options.timeoutMs ?? USUAL_TIMEOUT_MS;
    const signals = [options.signal, limit > 0 ? AbortSignal.timeout(limit) : undefined];
    const init: RequestInit = {
      method,
      headers: this.headers(requestId, body, options, token),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.any(signals.filter((signal) => signal !== undefined)),
    };
    if (body !== undefined) init.body = isRaw(body) ? body : JSON.stringify(body);
    const address = `${this.base}${path}${queryString(options.query)}`;
    let response: Response;
    try {
      response = (method === "GET" ? await this.askedEarly(address) : null) ?? (await fetch(address, init));
    } catch (cause) {
      throw unanswered(...whyUnanswered(cause, options.signal, requestId));
    }
    if (response.ok || response.status === 304) return response;
    throw await errorOf(response, requestId);
  }

  /** Only a good answer counts: whatever else happened is met again, and told, by asking. */
  private async askedEarly(address: string): Promise<Response | null> {
    const answer = await this.early(address, this.credentials.language())?.catch(() => null);
    return answer?.ok === true ? answer : null;
  }

  private headers(requestId: string, body: unknown, options: Options, token: string | null): Headers {
    const headers = new Headers({
      Accept: "application/json",
      "Accept-Language": this.credentials.language(),
      "X-Request-ID": requestId,
    });
    if (body !== undefined && !isRaw(body)) headers.set("Content-Type", "application/json");
    if (token !== null) headers.set("Authorization", `Bearer ${token}`);
    const tenant = this.credentials.tenantId();
    if (token !== null && tenant !== null) headers.set("X-Tenant-Id", tenant);
    for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
    return headers;
  }
}

function isRaw(body: unknown): body is Blob | FormData | ArrayBuffer | URLSearchParams {
  return (
    body instanceof Blob || body instanceof FormData || body instanceof ArrayBuffer || body instanceof URLSearchParams
  );
}

function whyUnanswered(
  cause: unknown,
  given: AbortSignal | undefined,
  requestId: string,
): Parameters<typeof unanswered> {
  if (given?.aborted === true) return ["ABORTED", requestId, "aborted"];
  if (cause instanceof DOMException && cause.name === "TimeoutError") return ["TIMEOUT", requestId, "timeout"];
  return ["NETWORK", requestId, "network"];
}
