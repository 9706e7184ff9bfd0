import { onMounted, onUnmounted } from "vue";

export interface ListKeys {
  search: () => void;
  create: () => void;
  refresh: () => void;
  grid: () => void;
}

/** The keys of a list, where nobody is typing. */
export function useListKeys(keys: ListKeys): void {
  function down(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || isBusy(event.target)) return;
    const what = { "/": keys.search, n: keys.create, r: keys.refresh, ArrowDown: onPage(event.target) ? keys.grid : undefined }[event.key];
    if (what === undefined) return;
    event.preventDefault();
    what();
  }

  onMounted(() => {
    document.addEventListener("keydown", down);
  });
  onUnmounted(() => {
    document.removeEventListener("keydown", down);
  });
}

function isBusy(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true], .el-overlay, .el-popper") !== null;
}

function onPage(target: EventTarget | null): boolean {
  return target === document.body;
}
