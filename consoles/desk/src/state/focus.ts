import { onBeforeUpdate, onUpdated } from "vue";

/** For a list that sorts itself anew: browsers take the focus from what is moved, it gets it back. */
export function keepFocusSorted(): void {
  let had: Element | null = null;
  onBeforeUpdate(() => void (had = document.activeElement));
  onUpdated(() => {
    if (document.activeElement === document.body && had instanceof HTMLElement && had.isConnected) had.focus();
  });
}

/** Who works by keyboard never loses their place: when what had the focus goes away, what `next` says has it instead. Ends with the answer. */
export function keepFocus(next: () => HTMLElement | null): () => void {
  let byKey = false;
  const note = (event: Event) => (byKey = event.type === "keydown");
  const lost = ({ target, relatedTarget }: FocusEvent) => {
    if (!byKey || relatedTarget || !(target instanceof HTMLElement)) return;
    requestAnimationFrame(() => {
      if (document.activeElement === document.body && !target.isConnected) next()?.focus();
    });
  };
  document.addEventListener("keydown", note, true);
  document.addEventListener("pointerdown", note, true);
  document.addEventListener("focusout", lost);
  return () => {
    document.removeEventListener("keydown", note, true);
    document.removeEventListener("pointerdown", note, true);
    document.removeEventListener("focusout", lost);
  };
}
