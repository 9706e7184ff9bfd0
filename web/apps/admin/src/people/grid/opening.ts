import type { InjectionKey } from "vue";

/** How the cells of a grid open their row. */
export const OPENER: InjectionKey<(id: string) => void> = Symbol("opener");
