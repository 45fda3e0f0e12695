import { expect, test } from "vitest";
import { rightsOf } from "../src/conversation/rights";
import { skillsOf } from "../src/conversation/skills";
import { askingAt, fillIn, mentionsIn, without } from "../src/conversation/suggest";
import type { Me, Summary } from "../src/protocol";
import { spansOf } from "../src/state/marks";

const me = (permissions: string[]): Me => ({
  staff: { id: "a1", login: "mei", name: "小美", role: "agent", languages: ["zh"], groups: [], capacity: 5, presence: "online" },
  csrf: "", permissions,
}) as unknown as Me;
const row = (change: Partial<Summary>) => ({ status: "open", holder: { kind: "agent", agent: "a2", name: "Bob" }, participants: [], ...change }) as unknown as Summary;
const AGENT = ["conversations.own"];
const SUPERVISOR = [...AGENT, "conversations.all", "conversations.manage", "supervise"];

test("the holder acts, a colleague neither takes nor writes, a supervisor may", () => {
  expect(rightsOf(row({ holder: { kind: "agent", agent: "a1", name: "小美" } }), me(AGENT))).toMatchObject({ mine: true, reply: true, act: true, take: false });
  expect(rightsOf(row({}), me(AGENT))).toMatchObject({ reply: false, act: false, take: false, supervise: false });
  expect(rightsOf(row({}), me(SUPERVISOR))).toMatchObject({ reply: false, act: true, take: true, supervise: true });
});

test("who takes part writes beside the holder; what waits may be taken; what is closed may not", () => {
  expect(rightsOf(row({ participants: ["a1"] }), me(AGENT))).toMatchObject({ beside: true, reply: true, act: false });
  expect(rightsOf(row({ holder: { kind: "queue", agent: "", name: "" } }), me(AGENT)).take).toBe(true);
  expect(rightsOf(row({ status: "closed" }), me(SUPERVISOR))).toMatchObject({ reply: false, act: false, take: false, supervise: false });
});

test("what was typed while a reply was on its way stays, and only that", () => {
  expect(without("您好 ", "您好")).toBe("");
  expect(without("您好\n还有一句", "您好")).toBe("还有一句");
  expect(without("改过的您好", "您好")).toBe("改过的您好");
});

test("a slash asks for canned replies at the start of a word only, and what is chosen takes its place", () => {
  expect(askingAt("/refund", 7, "/")).toEqual({ sign: "/", word: "refund", from: 0 });
  expect(askingAt("您好 /re", 6, "/")).toEqual({ sign: "/", word: "re", from: 3 });
  expect(askingAt("1/2", 3, "/")).toBeNull();
  expect(askingAt("https://a.b/c", 13, "/")).toBeNull();
  expect(fillIn("您好 /re 请", 6, { sign: "/", word: "re", from: 3 }, "退款 3 天")).toEqual(["您好 退款 3 天 请", 9]);
});

test("a mention needs no space before it in Chinese, and is counted when its name is still there", () => {
  expect(askingAt("请@小", 3, "@")).toEqual({ sign: "@", word: "小", from: 1 });
  expect(mentionsIn("请@小美 看一下", [{ id: "a1", name: "小美" }, { id: "a2", name: "Bob" }])).toEqual(["a1"]);
});

test("marks are found whatever the case, in order of the words", () => {
  expect(spansOf("Refund 退款 refund", ["refund", "退款"])).toEqual([[0, 6], [10, 16], [7, 9]]);
});

test("a needed skill is one that somebody has, or the one that is asked for already", () => {
  expect(skillsOf([{ skills: ["repairs", "billing"] }, { skills: ["repairs"] }], "")).toEqual(["billing", "repairs"]);
  expect(skillsOf([{ skills: [] }], "gone")).toEqual(["gone"]);
});
