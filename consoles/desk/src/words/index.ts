import { computed } from "vue";
import { preferences } from "../state/preferences";
import { en, type Words } from "./en";
import { zh } from "./zh";

const TABLES: Record<"zh" | "en", Words> = { zh, en };

/** The words of the language that is chosen. */
export const words = computed(() => TABLES[preferences.language]);

/** The words of one area, kept beside its pages: both tables have the same keys or the build fails. */
export const both = <Table extends object>(english: Table, chinese: Table) =>
  computed(() => (preferences.language === "zh" ? chinese : english));

/** What a conversation's customer is called: their name, else the end of their id. */
export const customerNamed = (one: { contact: string; contact_name: string }): string => one.contact_name || words.value.list.visitor(one.contact.slice(-5));
