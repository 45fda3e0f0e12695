import { expect, test } from "vitest";
import { backOff } from "../src/live/socket";
import type { Event, Summary } from "../src/protocol";
import { actOf } from "../src/state/keys";
import { listed, matches, moves, neighbour, noticeOf, put, queueOf, rowOf, VIEWS, without } from "../src/state/rows";
import { confirm, EMPTY, fail, merge, timeline, unreadSeq, write, type Pending } from "../src/state/thread";

const ME = "a1";
const at = (seq: number) => `2026-01-31T08:00:${String(seq).padStart(2, "0")}.000Z`;
const place = (seq: number) => ({ seq, at: at(seq), conversation: "c1" });
const received = (seq: number, text = "hi"): Event => ({
  ...place(seq), kind: "MessageReceived", text, attachments: [], choice: null,
});
const replied = (seq: number, text: string, cause = ""): Event => ({
  ...place(seq), kind: "AgentReplied", name: "小美", agent: ME, text, attachments: [], cause,
});
const pending = (id: string, text: string): Pending => ({
  id, kind: "AgentReplied", text, mentions: [], attachments: [], at: at(9), failed: null,
});
const summary = (id: string, change: Partial<Summary> = {}): Summary => ({
  id, contact: "k1", contact_name: "", channel: "web", site: "demo", language: "zh", status: "open",
  holder: { kind: "agent", agent: ME, name: "小美" }, group: "", seq: 1, started_at: at(1), updated_at: at(1),
  waiting_since: null, wait_seconds: null, preview: { by: "customer", text: "hi" }, unread: 0, rating: null, priority: 0, skill: "",
  on_hold: false, participants: [], tags: [], accept_by: null, ...change,
});
const queued = { holder: { kind: "queue", agent: "", name: "" } } as const;

test("events show once and in order, however they arrive", () => {
  const thread = merge(merge(EMPTY, [received(3), received(5)]), [received(4), received(3), received(1)]);
  expect(thread.events.map((event) => event.seq)).toEqual([1, 3, 4, 5]);
  expect(merge(thread, [received(4)])).toBe(thread);
});

test("a sent reply shows once, whether the answer or the event comes first", () => {
  const sending = write(EMPTY, pending("p1", "您好"));
  const answerFirst = merge(confirm(sending, "p1", replied(7, "您好", "p1")), [replied(7, "您好", "p1")]);
  const eventFirst = confirm(merge(sending, [replied(7, "您好", "p1")]), "p1", replied(7, "您好", "p1"));
  for (const thread of [answerFirst, eventFirst]) {
    expect(thread.events).toHaveLength(1);
    expect(thread.pending).toEqual([]);
  }
});

test("of two equal replies on the way, one event confirms one", () => {
  const sending = write(write(EMPTY, pending("p1", "ok")), pending("p2", "ok"));
  expect(merge(sending, [replied(7, "ok", "p1")]).pending.map((one) => one.id)).toEqual(["p2"]);
});

test("a failed reply stays with its reason, and catch-up clears it when it was stored after all", () => {
  const failed = fail(write(EMPTY, pending("p1", "ok")), "p1", "offline");
  expect(failed.pending[0]?.failed).toBe("offline");
  expect(merge(failed, [replied(7, "ok", "p1")]).pending).toEqual([]);
});

test("redaction blanks the words and keeps the place", () => {
  const gone: Event = { ...place(4), kind: "Redacted", target: 3, by: ME };
  expect(merge(merge(EMPTY, [received(3, "card 4111")]), [gone]).events[0]).toMatchObject({ text: "", redacted: true });
});

test("a new day gets one separator; receipts get no line", () => {
  const later: Event = { ...received(2), at: "2026-02-03T08:00:00.000Z" };
  const read: Event = { ...place(3), kind: "MessagesRead", by: "agent", upto: 2 };
  const thread = merge(EMPTY, [received(1), later, read]);
  expect(timeline(thread).map((item) => item.key)).toEqual(["day-1", "event-1", "day-2", "event-2"]);
  expect(unreadSeq(thread.events)).toBe(0);
  expect(unreadSeq(merge(thread, [received(4)]).events)).toBe(4);
});

test("a late summary does not undo a newer one", () => {
  const rows = put(put(new Map(), [summary("c1", { seq: 5, unread: 2 })], 0), [summary("c1", { seq: 4 })], 0);
  expect(rows.get("c1")?.unread).toBe(2);
});

test("the queue shows the longest wait first, other views the newest", () => {
  const rows = put(new Map(), [
    summary("short", { ...queued, seq: 1, wait_seconds: 5 }),
    summary("long", { ...queued, seq: 2, wait_seconds: 60 }),
    summary("mine", { seq: 3, contact_name: "王芳" }),
  ], 100_000);
  expect(listed(rows, VIEWS.waiting, ME, "").map((row) => row.id)).toEqual(["long", "short"]);
  expect(listed(rows, VIEWS.open, ME, "").map((row) => row.id)).toEqual(["mine", "long", "short"]);
  expect(listed(rows, VIEWS.open, ME, "王").map((row) => row.id)).toEqual(["mine"]);
});

test("a filter shows what fits all of it", () => {
  const row = summary("c1", { tags: ["退款"], priority: 2, unread: 1, group: "sales" });
  expect(matches(row, { agent: "me", tag: "退款", priority: 1, unread: true, group: "sales" }, ME)).toBe(true);
  expect([{ agent: "a2" }, { tag: "x" }, { priority: 3 }, { unread: false }, { group: "" }].map((one) => matches(row, one, ME))).not.toContain(true);
});

test("an assignment and a customer's message call for attention, a colleague's do not", () => {
  const waiting = rowOf(summary("c1", queued), 0);
  expect(noticeOf(waiting, summary("c1", { seq: 2 }), ME)).toBe("assigned");
  expect(noticeOf(rowOf(summary("c1"), 0), summary("c1", { seq: 2, unread: 1 }), ME)).toBe("message");
  expect(noticeOf(waiting, summary("c1", { seq: 2 }), "a2")).toBeNull();
});

test("what is said moves nothing between views; who holds it and who takes part does", () => {
  const row = rowOf(summary("c1"), 0);
  expect(moves(undefined, summary("c1"))).toBe(true);
  expect(moves(row, summary("c1", { seq: 2, unread: 1 }))).toBe(false);
  expect([queued, { status: "closed" as const }, { participants: ["a2"] }].map((one) => moves(row, summary("c1", { seq: 2, ...one })))).not.toContain(false);
  expect([...without(put(new Map(), [summary("c1"), summary("c2")], 0), ["c1"]).keys()]).toEqual(["c2"]);
});

test("the longest wait goes on by this computer's clock, and nobody waits in an empty queue", () => {
  const figures = { waiting: 1, longest_wait_seconds: 5, agents: { online: 0, busy: 0, break: 0, training: 0, missed: 0, offline: 0 }, free_capacity: 0 };
  expect(queueOf(figures, 60_000).waitingFrom).toBe(55_000);
  expect(queueOf({ ...figures, waiting: 0 }, 60_000).waitingFrom).toBeNull();
});

test("moving through the list stops at its ends", () => {
  expect([neighbour(["a", "b"], "", 1), neighbour(["a", "b"], "b", 1), neighbour(["a", "b"], "b", -1)]).toEqual(["a", "b", "a"]);
});

test("keys act on the page; while somebody writes only Escape does", () => {
  const press = (key: string, change = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, ...change });
  expect(actOf(press("t"), "page")).toBe("take");
  expect(actOf(press("t"), "field")).toBeNull();
  expect(actOf(press("Escape"), "field")).toBe("back");
  expect(actOf(press("Enter"), "control")).toBeNull();
  expect(actOf(press("r", { ctrlKey: true }), "page")).toBeNull();
});

test("back-off grows and is bounded", () => {
  expect([0, 1, 9].map((attempt) => backOff(attempt, 1))).toEqual([500, 1000, 20_000]);
});
