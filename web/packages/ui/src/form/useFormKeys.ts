import { onBeforeUnmount, onMounted } from "vue";

export interface FormKeys {
  save: () => void;
  leave: () => void;
  previous: () => void;
  next: () => void;
}

/** The form's keys: Ctrl+S saves, Esc leaves editing, Alt+← and Alt+→ go to the rows beside. */
export function useFormKeys(keys: FormKeys): void {
  function onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.defaultPrevented) return;
    // A dialog on top has its own keys.
    if (document.querySelector(".el-overlay:not([style*='display: none'])") !== null) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") event.preventDefault();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      // What is being typed is taken over first.
      (document.activeElement as HTMLElement | null)?.blur();
      setTimeout(keys.save);
    } else if (event.key === "Escape") keys.leave();
    else if (event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const inTable = (event.target as HTMLElement).closest("table") !== null;
      if (inTable) return;
      event.preventDefault();
      if (event.key === "ArrowLeft") keys.previous();
      else keys.next();
    }
  }
  onMounted(() => {
    document.addEventListener("keydown", onKey);
  });
  onBeforeUnmount(() => {
    document.removeEventListener("keydown", onKey);
  });
}
