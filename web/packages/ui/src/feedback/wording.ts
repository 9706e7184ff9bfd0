import { ApiError } from "@superpaas/api";

import { translate } from "../i18n/index.ts";

const OWN = new Set(["NETWORK", "TIMEOUT", "UNREADABLE"]);

/** What to tell a person about an error: the service's own words, which name what is wrong and what to do. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) return translate("feedback.error.page");
  return OWN.has(error.code) ? translate(`feedback.error.${error.code}`) : error.message;
}

/** The id to give to an administrator; only where a service has seen the request. */
export function requestIdOf(error: unknown): string {
  return error instanceof ApiError && error.status > 0 ? error.requestId : "";
}

/** Whether a person has to be told at all: not of what he has left, nor of the end of a session, which has its page. */
export function isWorthTelling(error: unknown): boolean {
  return !(error instanceof ApiError && (error.isAborted || error.status === 401));
}
