import { expect, test, vi } from "vitest";
import { reactive } from "vue";
import { Refusal } from "../src/api/client";

const preferences = vi.hoisted(() => ({ language: "zh" }));
vi.mock("../src/state/preferences", () => ({ preferences: reactive(preferences) }));
const { preferences: chosen } = await import("../src/state/preferences");
const { problemOf } = await import("../src/state/problem");

const refused = (code: string, message: string, field: string | null = null) => new Refusal(409, code, message, field, null);

test("a refusal is told in the reader's language, and a role in use is not said to be a lost conversation", () => {
  const inUse = refused("conflict", "somebody has this role", "name");
  expect(problemOf(inUse)).toBe("操作失败：仍有人员使用该角色");
  expect(problemOf(refused("conflict", "this conversation is with queue"))).toContain("该会话已不在您手中");
  expect(problemOf(refused("forbidden", "the present password is wrong", "old"))).toContain("当前密码不正确");
  expect(problemOf(refused("invalid", "String should have at most 40 characters", "title"))).toBe("填写的内容不符合要求（title）。");
  chosen.language = "en";
  expect(problemOf(inUse)).toBe("That did not work: somebody has this role");
});

test("a refusal that names something is told in Chinese with the name in it", () => {
  chosen.language = "zh";
  expect(problemOf(refused("conflict", "tickets are in the state checking", "states"))).toBe("操作失败：仍有工单处于状态“checking”");
  expect(problemOf(refused("invalid", "type refund has no state gone", "state"))).toBe("操作失败：工单类型“refund”没有状态“gone”");
  expect(problemOf(refused("invalid", "from closed it goes on to nowhere", "state"))).toBe("操作失败：状态“closed”之后不能再变更");
  chosen.language = "en";
  expect(problemOf(refused("conflict", "tickets are in the state checking", "states"))).toBe("That did not work: tickets are in the state checking");
});
