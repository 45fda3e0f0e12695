import { expect, test, vi } from "vitest";
import { reactive } from "vue";
import type { Frame, Me } from "../src/protocol";

const line = vi.hoisted(() => ({ hear: (_: Frame): void => undefined }));
vi.mock("../src/state/preferences", () => ({ preferences: reactive({ language: "zh", notices: false }) }));
vi.mock("../src/state/notices", () => ({ announce: vi.fn(), allowNotices: vi.fn() }));
vi.mock("../src/state/drafts", () => ({ Drafts: class {} }));
vi.mock("../src/state/unsent", () => ({ Unsent: class {} }));
vi.mock("../src/api/calls", () => ({ setPresence: vi.fn(), colleagues: async () => ({ staff: [] }) }));
vi.mock("../src/list/calls", () => ({ snoozes: async () => ({ snoozes: ["c1", "c2"].map((id) => ({ conversation: { id }, until: "", note: "" })) }) }));
vi.mock("../src/live/socket", () => ({
  LiveLine: class {
    constructor(_: string, heard: { frame: (frame: Frame) => void }) {
      line.hear = heard.frame;
    }
  },
}));
vi.stubGlobal("location", { origin: "http://desk.example" });
const { Desk } = await import("../src/state/desk");
const { Refusal, whenExpired } = await import("../src/api/client");
const changes = (presence: string) => ({ type: "changes", conversations: [], gone: {}, staff: [{ id: "a1", presence, load: 0 }], queue: null }) as unknown as Frame;
const texts = (desk: InstanceType<typeof Desk>) => desk.house.news.map((one) => one.text);
const ME = { staff: { id: "a1", presence: "online" }, permissions: [] } as unknown as Me;

test("a reminder that is due stays on the page until it is read: the list has it no longer", () => {
  const desk = new Desk(ME);
  line.hear({ type: "reminder", conversation: { id: "c1", contact: "v12345", contact_name: "李雷" }, note: "回电核对" } as unknown as Frame);
  expect(texts(desk)).toEqual(["待办提醒：李雷 · 回电核对"]);
  line.hear({ type: "reminder", conversation: { id: "c1", contact: "v12345", contact_name: "" }, note: "" } as unknown as Frame);
  expect(texts(desk)).toEqual(["待办提醒：访客 12345", "待办提醒：李雷 · 回电核对"]);
});

test("reminders are kept as the platform has them; one that is due goes, a mention has its list read anew", async () => {
  const desk = new Desk(ME);
  line.hear({ type: "snoozes" });
  await vi.waitFor(() => expect(desk.house.snoozes.map((one) => one.conversation.id)).toEqual(["c1", "c2"]));
  line.hear({ type: "reminder", conversation: { id: "c1", contact: "v12345", contact_name: "" }, note: "" } as unknown as Frame);
  expect(desk.house.snoozes.map((one) => one.conversation.id)).toEqual(["c2"]);
  line.hear({ type: "mention", conversation: { id: "c1", contact: "v12345", contact_name: "" }, event: { name: "Bob", text: "@小美 看一下" } } as unknown as Frame);
  expect(desk.house.mentions).toBe(1);
});

test("a refusal stays on the page while the desk reads what is new by itself, until something else is tried", async () => {
  const desk = new Desk(ME);
  await desk.attempt(async () => {
    throw new Refusal(409, "conflict", "somebody else has it", null, null);
  });
  const told = desk.house.problem;
  line.hear({ type: "snoozes" });
  await vi.waitFor(() => expect(desk.house.snoozes).toHaveLength(2));
  expect([told === "", desk.house.problem]).toEqual([false, told]);
  await desk.attempt(async () => undefined);
  expect(desk.house.problem).toBe("");
});

test("who goes online is asked whether the browser may show notices; a break asks nothing", async () => {
  const { allowNotices } = await import("../src/state/notices");
  const desk = new Desk(ME);
  await desk.bePresent("break");
  expect(allowNotices).not.toHaveBeenCalled();
  await desk.bePresent("online");
  expect(allowNotices).toHaveBeenCalledOnce();
});

test("what is heard of one's presence while it is being set here is older than that", async () => {
  const desk = new Desk({ staff: { id: "a1", presence: "offline" }, permissions: [] } as unknown as Me);
  const setting = desk.bePresent("online");
  line.hear(changes("offline"));
  expect([desk.house.presence, texts(desk)]).toEqual(["online", []]);
  await setting;
  line.hear(changes("online"));
  expect([desk.house.presence, texts(desk)]).toEqual(["online", []]);
});

test("an alert, a late ticket and a presence set by a supervisor are told with where they lead, the latest three, until they are read", () => {
  const desk = new Desk(ME);
  const conversation = { id: "c1", contact: "v12345", contact_name: "李雷" };
  line.hear({ type: "alert", conversation, event: { alert: "wait", detail: "125 s" } } as unknown as Frame);
  line.hear({ type: "ticket", what: "breached", ticket: { id: "t7", number: 1007, title: "保温杯漏水" } } as unknown as Frame);
  line.hear({ type: "ticket", what: "changed", ticket: { id: "t8", number: 1008, title: "发票" } } as unknown as Frame);
  line.hear({ type: "forced", presence: "break", by: "林主管", reason: "午休" });
  expect(desk.house.news.map(({ text, href }) => [text, href])).toEqual([
    ["林主管 将您的状态改为“小休”：午休。", ""],
    ["工单已超时：#1007 保温杯漏水", "#/p/tickets/t7"],
    ["告警：李雷 · 等待过久 · 2:05", "#/c/c1"],
  ]);
  line.hear({ type: "mention", conversation, event: { name: "Bob", text: "看一下" } } as unknown as Frame);
  expect(texts(desk)).toHaveLength(3);
  desk.dismiss(desk.house.news[0]!);
  expect(texts(desk)).toEqual(["林主管 将您的状态改为“小休”：午休。", "工单已超时：#1007 保温杯漏水"]);
});

test("who is given a ticket is told by whom, with the way to it; other changes only keep the page true", () => {
  const desk = new Desk(ME);
  const ticket = { id: "t9", number: 1009, title: "补发" };
  line.hear({ type: "ticket", what: "changed", given_by: "", ticket } as unknown as Frame);
  line.hear({ type: "ticket", what: "changed", given_by: "林主管", ticket } as unknown as Frame);
  expect(desk.house.news.map(({ text, href }) => [text, href])).toEqual([["林主管 将工单分配给您：#1009 补发", "#/p/tickets/t9"]]);
});

test("a presence that one has chosen, here or on another page, is no news", async () => {
  const desk = new Desk({ staff: { id: "a1", presence: "offline" }, permissions: [] } as unknown as Me);
  await desk.bePresent("online");
  line.hear(changes("break"));
  expect([desk.house.presence, texts(desk)]).toEqual(["break", []]);
});

test("a page whose session was ended elsewhere is left at once; a house that restarts is waited for", () => {
  const over = vi.fn();
  whenExpired(over);
  new Desk(ME);
  line.hear({ type: "bye", reason: "restart" });
  expect(over).not.toHaveBeenCalled();
  line.hear({ type: "bye", reason: "signed_out" });
  expect(over).toHaveBeenCalledOnce();
});
