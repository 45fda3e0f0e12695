import { expect, test, vi } from "vitest";
import { reactive } from "vue";
import type { Frame, Me } from "../src/protocol";

const line = vi.hoisted(() => ({ hear: (_: Frame): void => undefined }));
vi.mock("../src/state/preferences", () => ({ preferences: reactive({ language: "zh", notices: false }) }));
vi.mock("../src/state/notices", () => ({ announce: vi.fn() }));
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
const { whenExpired } = await import("../src/api/client");
const changes = (presence: string) => ({ type: "changes", conversations: [], gone: {}, staff: [{ id: "a1", presence, load: 0 }], queue: null }) as unknown as Frame;
const ME = { staff: { id: "a1", presence: "online" }, permissions: [] } as unknown as Me;

test("a reminder that is due stays on the page until it is read: the list has it no longer", () => {
  const desk = new Desk(ME);
  line.hear({ type: "reminder", conversation: { id: "c1", contact: "v12345", contact_name: "李雷" }, note: "回电核对" } as unknown as Frame);
  expect(desk.house.told).toBe("待办提醒：李雷 · 回电核对");
  line.hear({ type: "reminder", conversation: { id: "c1", contact: "v12345", contact_name: "" }, note: "" } as unknown as Frame);
  expect(desk.house.told).toBe("待办提醒：访客 12345");
});

test("reminders are kept as the platform has them; one that is due goes, a mention has its list read anew", async () => {
  const desk = new Desk(ME);
  line.hear({ type: "snoozes" });
  await vi.waitFor(() => expect(desk.house.snoozes.map((one) => one.conversation.id)).toEqual(["c1", "c2"]));
  line.hear({ type: "reminder", conversation: { id: "c1", contact: "v12345", contact_name: "" }, note: "" } as unknown as Frame);
  expect(desk.house.snoozes.map((one) => one.conversation.id)).toEqual(["c2"]);
  line.hear({ type: "mention", event: { text: "@小美 看一下" } } as unknown as Frame);
  expect(desk.house.mentions).toBe(1);
});

test("what is heard of one's presence while it is being set here is older than that", async () => {
  const desk = new Desk({ staff: { id: "a1", presence: "offline" }, permissions: [] } as unknown as Me);
  const setting = desk.bePresent("online");
  line.hear(changes("offline"));
  expect([desk.house.presence, desk.house.told]).toEqual(["online", ""]);
  await setting;
  line.hear(changes("online"));
  expect([desk.house.presence, desk.house.told]).toEqual(["online", ""]);
});

test("one's own presence is no news, a supervisor's is, also before colleagues are read", async () => {
  const desk = new Desk({ staff: { id: "a1", presence: "offline" }, permissions: [] } as unknown as Me);
  await desk.bePresent("online");
  line.hear(changes("online"));
  expect(desk.house.told).toBe("");
  line.hear(changes("break"));
  expect(desk.house.told).toContain("小休");
  desk.house.told = "";
  line.hear(changes("missed"));
  expect(desk.house.told).toBe(""); // a line of its own says it while it lasts
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
