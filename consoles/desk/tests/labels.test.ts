import { expect, test, vi } from "vitest";
import { reactive } from "vue";

vi.mock("../src/state/preferences", () => ({ preferences: reactive({ language: "zh" }) }));
const { preferences } = await import("../src/state/preferences");
const { fieldsTold, stateNamed, types } = await import("../src/tickets/book");
const { detailTold, subjectTold } = await import("../src/admin/auditWords");
const { actTold, conditionTold, valuesOf } = await import("../src/admin/ruleWords");
import type { Change } from "../src/admin/calls";
import type { Ticket } from "../src/protocol";

const name = (zh: string, en: string) => ({ zh, en });
const house = { groups: [{ id: "vip", name: name("贵宾", "VIP desk") }], colleagues: [{ id: "a1", name: "小美" }] } as unknown as Parameters<typeof actTold>[1];
types.value = [
  { id: "question", name: name("咨询", "Question"), group: "", retired: false, moves: {}, fields: [], states: [{ id: "open", name: name("处理中", "Open"), kind: "open" }] },
  {
    id: "callback", name: name("回电", "Call back"), group: "", retired: false, moves: {},
    fields: [{ id: "cause", name: name("原因", "Cause"), kind: "choice", required: false, choices: [{ id: "late", name: name("送达太慢", "Too late") }] }],
    states: [{ id: "open", name: name("待回电", "To call"), kind: "open" }],
  },
];

test("states and choices are told by their names, a state by that of its own type", () => {
  expect(stateNamed("callback", "open")).toBe("待回电");
  expect(stateNamed("", "open")).toBe("处理中");
  expect(fieldsTold({ type: "callback" } as Ticket, { cause: "late" })).toEqual(["原因: 送达太慢"]);
});

test("the audit says what was changed and how it is since by names", () => {
  const change = (act: string, subject: string, detail: object) => ({ act, subject, detail }) as Change;
  const gone = change("rule.removed", "d6766f08863148c4", { name: "VIP 加急" });
  expect([subjectTold(gone, house), subjectTold(change("group.removed", "vip", {}), house)]).toEqual(["VIP 加急", "贵宾"]);
  const told = detailTold({ act: "rule.changed", detail: { groups: ["vip"], active: false, kinds: ["MessageReceived"], scopes: ["reports.read"], title: name("退款", "Refund"), to: "", when: [{ field: "group", is: "not", value: "vip" }], then: [{ act: "tag", tag: "急" }] } }, house);
  expect(told).toEqual(["技能组: 贵宾", "启用: 已停用", "事件: 客户发来消息", "权限范围: 查看报表", "标题: 退款", "转到: –", "条件: 技能组 不等于 贵宾", "动作: 打标签 · 急"]);
  expect(detailTold({ act: "presence.forced", detail: { state: "break", reason: "午休" } }, house)).toEqual(["状态: 小休", "原因: 午休"]);
});

test("a rule's conditions and acts are told by names", () => {
  expect(conditionTold({ field: "group", is: "equals", value: "vip" }, house)).toBe("技能组 等于 贵宾");
  expect(conditionTold({ field: "priority", is: "at_least", value: 2 }, house)).toBe("优先级 不低于 VIP");
  expect(actTold({ act: "ticket", type: "callback", title: "回电客户" }, house)).toBe("创建工单 · 回电 · 回电客户");
  expect(actTold({ act: "queue", group: "" }, house)).toBe("转入技能组排队 · 不限技能组");
  expect(valuesOf("text", house)).toBeNull();
  preferences.language = "en";
  expect(conditionTold({ field: "holder", is: "not", value: "bot" }, house)).toBe("Who holds it is not the bot");
});
