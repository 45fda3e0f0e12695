/** One key, one act; pure. */

export type Act =
  | "next"
  | "previous"
  | "open"
  | "reply"
  | "note"
  | "take"
  | "transfer"
  | "close"
  | "whisper"
  | "ticket"
  | "wrapUp"
  | "tag"
  | "snooze"
  | "contact"
  | "filter"
  | "back"
  | "help";

export const KEYS: Readonly<Record<string, Act>> = {
  j: "next",
  ArrowDown: "next",
  k: "previous",
  ArrowUp: "previous",
  Enter: "open",
  r: "reply",
  n: "note",
  t: "take",
  x: "transfer",
  e: "close",
  w: "whisper",
  m: "ticket",
  s: "wrapUp",
  l: "tag",
  z: "snooze",
  c: "contact",
  "/": "filter",
  Escape: "back",
  "?": "help",
};

/** What is printed on the key. */
export const PRINTED: Readonly<Record<string, string>> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
}

/** The act a key stands for. While somebody writes, only Escape acts; on a control, Enter and arrows stay the control's. */
export function actOf(pressed: Pressed, focus: "page" | "control" | "field"): Act | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.isComposing) return null;
  const act = KEYS[pressed.key] ?? null;
  if (focus === "field") return act === "back" ? act : null;
  if (focus === "control" && ["Enter", "ArrowDown", "ArrowUp"].includes(pressed.key)) return null;
  return act;
}

export function focusOf(target: EventTarget | null): "page" | "control" | "field" {
  if (!(target instanceof HTMLElement)) return "page";
  if (target.isContentEditable || target.matches("textarea, input:not([type=radio], [type=checkbox])")) return "field";
  return target.matches("button, a, select, input, summary, [role=tab]") ? "control" : "page";
}
