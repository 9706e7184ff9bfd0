import { onBeforeUnmount, onMounted, ref, type Ref } from "vue";

import { cleaned, ScanDetector } from "./detector.ts";

/** A burst without keys, as some handhelds write, is complete after this. */
const BURST_MS = 60;

/**
 * Listens for a scanner. The given field keeps the focus (and the on-screen keyboard down) unless another field of the
 * page has it: what is scanned then is for that field only when a hand has typed it.
 */
export function useScanner(field: Ref<HTMLInputElement | null>, onCode: (code: string, byHand: boolean) => void) {
  const detector = new ScanDetector();
  const pending = ref("");
  const focused = ref(false);
  let burst: ReturnType<typeof setTimeout> | undefined;

  function isEditable(target: EventTarget | null): target is HTMLElement {
    return target instanceof HTMLElement && target !== field.value && target.matches("input, textarea, select, [contenteditable]");
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isEditable(event.target)) return;
    const onButton = event.target instanceof HTMLElement && event.target.closest("button, a") !== null;
    // A button that has the focus is pressed by Enter only when no code has been read just before.
    if (onButton && detector.pending === "" && (event.key === "Enter" || event.key === " " || event.key === "Tab")) return;
    if (event.key === "Tab" && detector.pending === "") return;
    const complete = detector.press({ key: event.key, at: event.timeStamp });
    pending.value = detector.pending;
    if (event.key.length === 1 || complete !== null) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (complete === null) return;
    const code = cleaned(complete.kind === "scan" ? complete.code : complete.text);
    if (code !== "") onCode(code, complete.kind === "typed");
  }

  /** Handhelds that put a code into the field without keys. */
  function onInput(): void {
    clearTimeout(burst);
    burst = setTimeout(() => {
      const element = field.value;
      if (element === null) return;
      const code = cleaned(element.value);
      element.value = "";
      if (code !== "") onCode(code, false);
    }, BURST_MS);
  }

  function hold(): void {
    if (document.visibilityState === "visible") field.value?.focus({ preventScroll: true });
  }

  function onBlur(event: FocusEvent): void {
    focused.value = false;
    const to = event.relatedTarget;
    if (isEditable(to) || (to instanceof HTMLElement && to.closest("button, a, [role=dialog]") !== null)) return;
    // After the click that took it; a field that fights back at once would make buttons unusable.
    setTimeout(() => {
      if (!isEditable(document.activeElement) && document.querySelector("[role=dialog]:not([style*='none'])") === null) hold();
    }, 50);
  }

  onMounted(() => {
    document.addEventListener("keydown", onKey, { capture: true });
    document.addEventListener("visibilitychange", hold);
    hold();
  });
  onBeforeUnmount(() => {
    clearTimeout(burst);
    document.removeEventListener("keydown", onKey, { capture: true });
    document.removeEventListener("visibilitychange", hold);
  });

  return {
    pending,
    focused,
    hold,
    on: {
      input: onInput,
      blur: onBlur,
      focus: () => {
        focused.value = true;
      },
    },
  };
}
