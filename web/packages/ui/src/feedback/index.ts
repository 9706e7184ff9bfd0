export { default as EmptyState } from "./EmptyState.vue";
export { default as ErrorPage, type ErrorKind } from "./ErrorPage.vue";
export { default as RequestId } from "./RequestId.vue";
export { default as SkeletonPage } from "./SkeletonPage.vue";
export { ask, type Question } from "./confirm.ts";
export { copyText } from "./copying.ts";
export { tell, tellAction, tellError, tellUndo, useForToasts } from "./toasts.ts";
export { isWorthTelling, requestIdOf, wordsOf } from "./wording.ts";
