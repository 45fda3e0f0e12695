import { computed } from "vue";
import { preferences } from "../state/preferences";
import { en, type Words } from "./en";
import { zh } from "./zh";

/** The words of one area of the desk, kept beside it: the Chinese table must have the shape of the English one. */
export function both<T>(en: T, zh: NoInfer<T>) {
  return computed(() => (preferences.language === "zh" ? zh : en));
}

const TABLES: Record<"zh" | "en", Words> = { zh, en };

/** The words of the language that is chosen. */
export const words = computed(() => TABLES[preferences.language]);
