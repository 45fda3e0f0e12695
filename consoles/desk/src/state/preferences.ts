import { reactive, watch } from "vue";
import type { Language } from "../protocol";

const KEY = "kefu.desk.preferences";

interface Preferences {
  language: Language;
  dark: boolean;
  notices: boolean;
}

function first(): Preferences {
  const fallback: Preferences = {
    language: navigator.language.startsWith("zh") ? "zh" : "en",
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    notices: true,
  };
  return { ...fallback, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>) };
}

/** What this person likes on this computer. */
export const preferences = reactive(first());

watch(preferences, () => localStorage.setItem(KEY, JSON.stringify(preferences)));
watch(() => preferences.language, (language) => (document.documentElement.lang = language), { immediate: true });
