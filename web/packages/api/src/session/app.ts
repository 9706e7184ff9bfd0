import { shallowRef } from "vue";

import { takeAnswer, takeRenewal } from "../early/index.ts";
import { ApiClient, type Credentials } from "../http/client.ts";
import type { ApiError } from "../http/errors.ts";
import { watchActivity } from "./activity.ts";
import { Keeper } from "./keeper.ts";
import type { AppName, EndReason, Tokens } from "./types.ts";

export interface Connection {
  app: AppName;
  api: ApiClient;
  keeper: Keeper;
}

export interface ConnectionOptions {
  base?: string;
  onEnd?: (reason: EndReason) => void;
  onError?: (error: ApiError) => void;
}

/** The language of requests and texts; the preferences set it. */
export const language = shallowRef("zh-CN");

let connection: Connection | null = null;

/** Open the app's way to the platform; once, before anything else. */
export function connect(app: AppName, options: ConnectionOptions = {}): Connection {
  const refresh = async (): Promise<Tokens> =>
    ((await takeRenewal()) as Tokens | null) ??
    api.post<Tokens>("/api/v1/auth/refresh", undefined, { anonymous: true, headers: { "X-Session": app } });
  const storage = safeStorage();
  const keeper = new Keeper(
    app,
    {
      refresh,
      end: () => api.post("/api/v1/auth/logout", undefined, { anonymous: true, headers: { "X-Session": app } }),
      activeAt: watchActivity(app, storage),
      now: () => Date.now(),
      storage,
      locks: typeof navigator !== "undefined" && "locks" in navigator ? navigator.locks : undefined,
      channel: typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(`superpaas-${app}`),
    },
    (reason) => options.onEnd?.(reason),
  );
  const credentials: Credentials = {
    token: () => keeper.token(),
    renewed: (refused) => keeper.renewed(refused),
    tenantId: () => keeper.who?.tenantId ?? null,
    language: () => language.value,
  };
  const api = new ApiClient(credentials, { base: options.base ?? "", early: takeAnswer, onError: (error) => options.onError?.(error) });
  connection = { app, api, keeper };
  return connection;
}

/** The app's connection. */
export function useConnection(): Connection {
  if (connection === null) throw new Error("connect() comes first");
  return connection;
}

/** The app's way to the gateway. */
export function useApi(): ApiClient {
  return useConnection().api;
}

/** What is remembered where nothing may be stored: until the page is closed. */
const forgotten = new Map<string, string>();

/** Local storage may be forbidden by the browser's settings; the app then forgets between visits, no more. */
export function safeStorage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  try {
    localStorage.getItem("superpaas");
    return localStorage;
  } catch {
    return {
      getItem: (name) => forgotten.get(name) ?? null,
      setItem: (name, value) => void forgotten.set(name, value),
      removeItem: (name) => void forgotten.delete(name),
    };
  }
}
