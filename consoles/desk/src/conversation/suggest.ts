/** What stands just before the cursor and asks for a list: `/word` for a canned reply, `@name` for a colleague. Pure. */

export interface Asking {
  sign: "/" | "@";
  word: string;
  /** Where it begins in the text. */
  from: number;
}

export function askingAt(text: string, cursor: number, sign: Asking["sign"]): Asking | null {
  const before = text.slice(0, cursor);
  const found = (sign === "/" ? /(?:^|\s)\/([^\s/]*)$/ : /@([^\s@]*)$/).exec(before);
  return found ? { sign, word: found[1] ?? "", from: cursor - (found[1]?.length ?? 0) - 1 } : null;
}

/** The text with what asked replaced, and where the cursor goes. */
export function fillIn(text: string, cursor: number, asking: Asking, words: string): [string, number] {
  return [text.slice(0, asking.from) + words + text.slice(cursor), asking.from + words.length];
}

/** What is left of a text when the words at its beginning have been sent; a text that was changed meanwhile stays whole. */
export const without = (text: string, sent: string): string => (text.trimStart().startsWith(sent) ? text.trimStart().slice(sent.length).trimStart() : text);

/** Who of these is named in a note. */
export const mentionsIn = (text: string, people: readonly { id: string; name: string }[]): string[] =>
  people.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id);

/** Lines of `name: value` as a card's rows. */
export const rowsOf = (lines: string): [string, string][] =>
  lines.split("\n").flatMap((line): [string, string][] => {
    const [, name, value] = /^\s*([^:：]{1,40})[:：]\s*(.*?)\s*$/.exec(line) ?? [];
    return name ? [[name.trim(), (value ?? "").slice(0, 200)]] : [];
  }).slice(0, 12);
