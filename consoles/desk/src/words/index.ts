import { computed } from "vue";
import { preferences } from "../state/preferences";
import { en, type Words } from "./en";
import { zh } from "./zh";

const TABLES: Record<"zh" | "en", Words> = { zh, en };

/** The words of the language that is chosen. */
export const words = computed(() => TABLES[preferences.language]);
