/** Where any of the words stands in a text, whatever its case. */
export function spansOf(text: string, words: readonly string[]): [number, number][] {
  const lower = text.toLowerCase();
  const found: [number, number][] = [];
  for (const word of words) {
    for (let at = lower.indexOf(word.toLowerCase()); at >= 0; at = lower.indexOf(word.toLowerCase(), at + word.length)) found.push([at, at + word.length]);
  }
  return found;
}
