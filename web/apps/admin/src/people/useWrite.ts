import { ref, shallowRef, type Ref } from "vue";
import { useI18n } from "vue-i18n";

import { ApiError } from "@superpaas/api";
import { tell, tellError } from "@superpaas/ui/feedback";

import { isShownBeside, problemsByField } from "./problems.ts";

export interface Writing {
  busy: Ref<boolean>;
  problems: Ref<Record<string, string>>;
  /** Runs a write; `undefined` when it was refused, which the user has then been told. */
  run: <T>(work: () => Promise<T>, done?: string) => Promise<{ value: T } | undefined>;
}

/**
 * A write from a form: one at a time, refusals beside their fields. `stale` is run when somebody else has changed the
 * row meanwhile, so that the page shows it as it is now.
 */
export function useWrite(fields: readonly string[] = [], stale?: () => Promise<unknown> | unknown): Writing {
  const { t } = useI18n();
  const busy = ref(false);
  const problems = shallowRef<Record<string, string>>({});

  async function run<T>(work: () => Promise<T>, done?: string): Promise<{ value: T } | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    problems.value = {};
    try {
      const value = await work();
      if (done !== undefined) tell(done);
      return { value };
    } catch (error) {
      problems.value = problemsByField(error, fields);
      if (error instanceof ApiError && error.isVersionConflict && stale !== undefined) {
        tell(t("people.stale"), "warning");
        await stale();
      } else if (!isShownBeside(problems.value)) tellError(error);
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  return { busy, problems, run };
}
