import { expect, test, vi } from "vitest";
import { reactive } from "vue";

vi.mock("../src/state/preferences", () => ({ preferences: reactive({ language: "zh" }) }));
const { preferences } = await import("../src/state/preferences");
const { causeOf } = await import("../src/state/alerts");
const { lasting } = await import("../src/reports/words");

test("a time has its unit in the reader's language", () => {
  expect([45, 900, 12600].map(lasting)).toEqual(["45 秒", "15 分钟", "3.5 小时"]);
  preferences.language = "en";
  expect([45, 900, 12600, null].map(lasting)).toEqual(["45 s", "15 min", "3.5 h", "–"]);
});

test("what raised an alert is a time, a word, or the rule's name in the reader's language", () => {
  expect(causeOf({ alert: "wait", detail: "121 s" })).toBe("2:01");
  expect(causeOf({ alert: "angry", detail: "骗子" })).toBe("骗子");
  expect(causeOf({ alert: "quality", detail: "辱骂客户 · Insult" })).toBe("Insult");
  preferences.language = "zh";
  expect(causeOf({ alert: "quality", detail: "辱骂客户 · Insult" })).toBe("辱骂客户");
});
