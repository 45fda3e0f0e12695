import { words } from "../words";
import { duration } from "./clock";
import { preferences } from "./preferences";

/** What raised an alert, to be read: how long, the word that was said, or the rule's name, which comes as Chinese · English. */
export function causeOf({ alert, detail }: { alert: string; detail: string }): string {
  if (alert !== "quality") return detail.replace(/^(\d+) s$/, (_, seconds: string) => duration(Number(seconds)));
  const [zh = "", en = zh] = detail.split(" · ");
  return preferences.language === "zh" ? zh : en;
}

export const alertNamed = (alert: string): string => words.value.alerts[alert] ?? alert;
