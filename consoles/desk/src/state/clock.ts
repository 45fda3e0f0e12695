import { ref } from "vue";
import { preferences } from "./preferences";

/** Now, each second (ms). */
export const now = ref(Date.now());
setInterval(() => (now.value = Date.now()), 1000);

/** 1:05, or 1:02:05. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const format = (at: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(preferences.language === "zh" ? "zh-CN" : "en-GB", options).format(new Date(at));

export const timeOf = (at: string) => format(at, { hour: "2-digit", minute: "2-digit" });
export const dayOf = (at: string) => format(at, { weekday: "short", year: "numeric", month: "long", day: "numeric" });
export const momentOf = (at: string) => format(at, { dateStyle: "medium", timeStyle: "short" });
