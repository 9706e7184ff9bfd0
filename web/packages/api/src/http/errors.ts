/** One thing that is wrong with the data sent: `details` of `VALIDATION_FAILED`. */
export interface Problem {
  field: string;
  rule: string;
  message: string;
  row?: number;
}

/** Codes that this client gives itself, where no service has answered. */
export type OwnCode = "NETWORK" | "TIMEOUT" | "ABORTED" | "UNREADABLE";

interface ErrorBody {
  code: string;
  message: string;
  requestId: string;
  details?: unknown;
}

/** What a refused or failed request tells: the contract's error, or one of {@link OwnCode}. */
export class ApiError extends Error {
  readonly code: string;
  /** 0 where nobody has answered. */
  readonly status: number;
  readonly requestId: string;
  readonly details: unknown;
  /** Seconds after which the service wants to be asked again; `null` where it has not said. */
  readonly retryAfter: number | null;

  constructor(status: number, body: ErrorBody, retryAfter: number | null = null) {
    super(body.message);
    this.name = "ApiError";
    this.code = body.code;
    this.status = status;
    this.requestId = body.requestId;
    this.details = body.details ?? {};
    this.retryAfter = retryAfter;
  }

  /** The fields that are wrong, if that is what the error says. */
  get problems(): Problem[] {
    return Array.isArray(this.details) ? (this.details as Problem[]) : [];
  }

  /** One value of the details. */
  detail(name: string): unknown {
    if (this.details === null || typeof this.details !== "object" || Array.isArray(this.details)) return undefined;
    return (this.details as Record<string, unknown>)[name];
  }

  get isAborted(): boolean {
    return this.code === "ABORTED";
  }

  /** Nobody has answered: the network or the platform is away. */
  get isOffline(): boolean {
    return this.code === "NETWORK" || this.code === "TIMEOUT";
  }

  /** Another person has changed the row meanwhile; `current` is its version now. */
  get isVersionConflict(): boolean {
    return this.code === "CONFLICT" && typeof this.detail("current") === "number";
  }

  /** The cell is stopped, not ready or unknown, while the platform itself works. */
  get isCellStopped(): boolean {
    return CELL_CODES.has(this.code);
  }
}

const CELL_CODES = new Set(["RED_LIGHT", "CELL_NOT_FOUND", "CELL_UNREACHABLE", "CIRCUIT_OPEN", "CELL_TIMEOUT"]);

/** The error that an answer carries; also for answers that are not the contract's (a proxy between, say). */
export async function errorOf(response: Response, requestId: string): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const answered = response.headers.get("x-request-id") ?? requestId;
  const body = parsed(text);
  const known: ErrorBody =
    body !== null && typeof body.code === "string"
      ? {
          code: body.code,
          message: typeof body.message === "string" ? body.message : body.code,
          requestId: typeof body.requestId === "string" && body.requestId !== "" ? body.requestId : answered,
          details: body.details,
        }
      : { code: "UNREADABLE", message: `HTTP ${response.status}`, requestId: answered };
  return new ApiError(response.status, known, secondsOf(response.headers.get("retry-after")));
}

/** An error without an answer. */
export function unanswered(code: OwnCode, requestId: string, message: string): ApiError {
  return new ApiError(0, { code, message, requestId });
}

/** The refusal that any service would answer to a request without a token. */
export function withoutSession(requestId: string): ApiError {
  return new ApiError(401, { code: "UNAUTHORIZED", message: "UNAUTHORIZED", requestId });
}

function parsed(text: string): Partial<ErrorBody> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? (value as Partial<ErrorBody>) : null;
  } catch {
    return null;
  }
}

function secondsOf(header: string | null): number | null {
  if (header === null || !/^\d+$/.test(header.trim())) return null;
  return Number(header);
}
