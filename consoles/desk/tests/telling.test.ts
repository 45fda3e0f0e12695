import { expect, test, vi } from "vitest";
import { reactive } from "vue";

vi.mock("../src/state/preferences", () => ({ preferences: reactive({ language: "zh" }) }));
const { telling } = await import("../src/state/telling");

test("what an act itself told stays; what was told before it does not", async () => {
  const page = telling();
  await page.attempt(async () => (page.told = "对方返回状态码 500。"));
  expect(page.told).toBe("对方返回状态码 500。");
  await page.attempt(async () => undefined, "已保存。");
  expect(page.told).toBe("已保存。");
  await page.attempt(async () => undefined);
  expect(page.told).toBe("");
});
