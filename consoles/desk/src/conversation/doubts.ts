import { check } from "../api/calls";
import { preferences } from "../state/preferences";
import { say } from "./words";

/** What speaks against an answer: words that should not be sent, rules it would break. What is grave is told once more before it leaves. */
export interface Doubt {
  told: string;
  grave: boolean;
}

export const NONE: Doubt = { told: "", grave: false };

export async function doubtOf(conversation: string, text: string): Promise<Doubt> {
  const { words, rules } = await check(conversation, text);
  const named = [...rules.map((one) => one[preferences.language]), ...words.map((one) => `${one.word} (${say.value.categories[one.category] ?? one.category})`)];
  return { told: [...new Set(named)].join(", "), grave: words.length > 0 || rules.some((one) => one.severity !== "minor") };
}
