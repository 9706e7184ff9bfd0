import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";

import { ApiError } from "../http/errors.ts";
import { useConnection } from "./app.ts";
import { allows } from "./permissions.ts";
import type { EndReason, Login, Me, Tokens } from "./types.ts";

export type SessionState = "unknown" | "signed-out" | "password-change" | "signed-in";

/** Who is signed in, and what he may see. */
export const useSession = defineStore("session", () => {
  const state = ref<SessionState>("unknown");
  const me = shallowRef<Me | null>(null);
  /** Why the last session ended; the login page tells. */
  const ended = ref<EndReason | null>(null);

  const permissions = computed(() => me.value?.permissions ?? []);
  const timeZone = computed(() => me.value?.timeZone ?? "Asia/Shanghai");

  /** Whether a permission such as `crm.lead.read` is held: decides what is shown, never what may be done. */
  function can(permission: string): boolean {
    return allows(permissions.value, permission);
  }

  /** Whether any permission in a cell is held. */
  function mayEnter(cell: string): boolean {
    const cells = me.value?.cells ?? null;
    if (cells !== null && !cells.includes(cell)) return false;
    return permissions.value.some((item) => item === "*" || item.split(".")[0] === cell || item.startsWith("*."));
  }

  /** Go on with the session of the cookie, if there is one. Fails when the platform does not answer. */
  async function resume(): Promise<void> {
    const { keeper } = useConnection();
    if (state.value !== "unknown") return;
    const wasHere = keeper.mayResume;
    if (!wasHere || (await keeper.renew()) === null) {
      if (wasHere) ended.value = "expired";
      state.value = "signed-out";
      return;
    }
    await enter();
  }

  async function signIn(login: Login): Promise<void> {
    const { api, app, keeper } = useConnection();
    const headers = { "X-Session": app };
    keeper.take(await api.post<Tokens>("/api/v1/auth/login", login, { anonymous: true, headers }));
    await enter();
  }

  /** Change the password; the answer is a new session, all others of the user are over. */
  async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
    const { api, app, keeper } = useConnection();
    const headers = { "X-Session": app };
    keeper.take(await api.post<Tokens>("/api/v1/auth/change-password", { oldPassword, newPassword }, { headers }));
    await enter();
  }

  async function signOut(): Promise<void> {
    const { api, app, keeper } = useConnection();
    try {
      await api.post("/api/v1/auth/logout", undefined, { headers: { "X-Session": app } });
    } catch (error) {
      // A session that is over already needs no end; anything else must not keep a person signed in on the screen.
      if (!(error instanceof ApiError)) throw error;
    } finally {
      keeper.forget("signed-out");
    }
  }

  /** Read again who I am: after roles may have changed. */
  async function reload(): Promise<void> {
    me.value = await useConnection().api.get<Me>("/api/v1/auth/me");
  }

  async function enter(): Promise<void> {
    const { keeper } = useConnection();
    await reload();
    ended.value = null;
    state.value = keeper.mustChangePassword || me.value?.mustChangePassword === true ? "password-change" : "signed-in";
  }

  /** The connection tells that the session is over. */
  function end(reason: EndReason): void {
    me.value = null;
    ended.value = reason;
    state.value = "signed-out";
  }

  /** A service tells that the password comes first. */
  function requirePasswordChange(): void {
    if (state.value === "signed-in") state.value = "password-change";
  }

  return {
    state,
    me,
    ended,
    permissions,
    timeZone,
    can,
    mayEnter,
    resume,
    signIn,
    changePassword,
    signOut,
    reload,
    end,
    requirePasswordChange,
  };
});
