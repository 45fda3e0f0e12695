/** What Alt and a key do to the suggestions; pure. By the key's place, since Alt changes the sign on some keyboards. */

export type Wish = { act: "insert" | "send"; number: number } | { act: "dismiss" } | { act: "complete" };

/** What is printed on the keys for each act, as the help shows them. */
export const ALT_KEYS: Readonly<Record<Wish["act"], string>> = { insert: "Alt+1…9", send: "Alt+Shift+1…9", dismiss: "Alt+0", complete: "Alt+↵" };

export interface Pressed {
  code: string;
  altKey: boolean;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

export function wishOf(pressed: Pressed): Wish | null {
  if (!pressed.altKey || pressed.ctrlKey || pressed.metaKey) return null;
  if (pressed.code === "Digit0") return { act: "dismiss" };
  if (pressed.code === "Enter") return { act: "complete" };
  const digit = /^Digit([1-9])$/.exec(pressed.code);
  return digit ? { act: pressed.shiftKey ? "send" : "insert", number: Number(digit[1]) - 1 } : null;
}

/** What was written, and what is inserted after it: apart by a space where the script has spaces. */
export function joined(written: string, inserted: string): string {
  const begun = written.trimEnd();
  if (!begun) return inserted;
  return /[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]$/.test(begun) ? begun + inserted : `${begun} ${inserted}`;
}
