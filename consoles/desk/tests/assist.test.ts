import { expect, test, vi } from "vitest";
import { reactive } from "vue";
import type { Event, Language } from "../src/protocol";

vi.mock("../src/state/preferences", () => ({ preferences: reactive({ language: "zh" }) }));
const { preferences } = await import("../src/state/preferences");
const { say } = await import("../src/assist/words");
const { lineOf } = await import("../src/conversation/line");

const HOUSE = { colleagues: [], groups: [], reasons: new Map() };
const REASONS = ["asked", "unhappy", "not_understood", "failed", "customer_asked", "engine_unavailable", "rule"];

test.each<Language>(["zh", "en"])("why a person was asked for is said in words (%s)", (reader) => {
  preferences.language = reader;
  for (const reason of REASONS) {
    const event = { seq: 1, at: "2026-01-31T08:00:00.000Z", conversation: "c1", kind: "HandoffRequested", reason, group: "" } as unknown as Event;
    const line = lineOf(event, HOUSE) ?? "";
    expect(line.endsWith(`: ${reason}`) || line.endsWith(`：${reason}`)).toBe(false);
  }
});

test("what one agent says is not called everybody's", () => {
  preferences.language = "zh";
  expect(say.value.times(19, 1)).toBe("一名客服说过 19 次");
  expect(say.value.proposals + say.value.noProposals).not.toMatch(/大家|多名/);
  preferences.language = "en";
  expect(say.value.times(19, 1)).toBe("said 19 times by one agent");
  expect(say.value.noProposals).not.toContain("several");
});
