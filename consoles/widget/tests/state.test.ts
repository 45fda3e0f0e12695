import { describe, expect, test } from "vitest";
import type { KefuEvent, Welcome } from "../src/protocol";
import { EMPTY, botIsThinking, openReply, reduce } from "../src/state";
import type { Action, State } from "../src/state";

const at = "2026-01-01T08:00:00.000Z";
const said = (seq: number, id: string): KefuEvent => ({ seq, at, kind: "MessageReceived", id, text: id, attachments: [], choice: null });
const replied = (seq: number): KefuEvent => ({ seq, at, kind: "BotReplied", messages: [{ text: "ok", buttons: [{ title: "A" }], image: "", card: null }] });
const welcome = (events: KefuEvent[]): Welcome => ({
  type: "welcome", token: "t", conversation: "c", language: "zh", status: "open", holder: "bot", agent: "", queue: null, events,
  more: false, seq: events.at(-1)?.seq ?? 0, away: null, blocked: false, limits: { text: 1, attachment_bytes: 1, media_types: [] },
});
const play = (...actions: Action[]): State => actions.reduce(reduce, EMPTY);
const event = (one: KefuEvent): Action => ({ do: "frame", frame: { type: "event", event: one } });
const send = (id: string): Action => ({ do: "send", pending: { send: { type: "send", id, text: id }, at, files: [], error: "" } });

describe("the widget's state", () => {
  test("a message is pending until it comes back, and then stands once", () => {
    const before = play({ do: "frame", frame: welcome([]) }, send("m1"));
    expect(before.pending).toHaveLength(1);
    expect(botIsThinking(before)).toBe(true);
    const after = [event(said(1, "m1")), event(said(1, "m1")), event(replied(2))].reduce(reduce, before);
    expect(after.pending).toEqual([]);
    expect(after.events.map((one) => one.seq)).toEqual([1, 2]);
    expect(botIsThinking(after)).toBe(false);
  });

  test("a resumed connection doubles nothing and keeps the order", () => {
    const state = play(event(said(1, "a")), event(replied(2)), { do: "lost" }, { do: "frame", frame: welcome([replied(2), said(3, "b"), replied(4)]) });
    expect(state.events.map((one) => one.seq)).toEqual([1, 2, 3, 4]);
    expect(state.connected).toBe(true);
  });

  test("older history goes before", () => {
    const state = play(event(said(9, "z")), { do: "older", events: [said(3, "a"), replied(4)], more: true });
    expect(state.events.map((one) => one.seq)).toEqual([3, 4, 9]);
    expect(state.more).toBe(true);
  });

  test("buttons can be pressed until something is said", () => {
    const offered = play(event(replied(2)));
    expect(openReply(offered)).toBe(2);
    expect(openReply(reduce(offered, event(said(3, "x"))))).toBe(0);
  });

  test("who holds the conversation follows the facts", () => {
    const waiting = play(event({ seq: 1, at, kind: "HandoffRequested" }), { do: "frame", frame: { type: "away", message: "nobody", opens_at: null } });
    expect([waiting.holder, waiting.away?.message]).toEqual(["queue", "nobody"]);
    const taken = reduce(waiting, event({ seq: 2, at, kind: "AgentAssigned", name: "小美" }));
    expect([taken.holder, taken.agent, taken.away]).toEqual(["agent", "小美", null]);
    const closed = reduce(taken, event({ seq: 3, at, kind: "ConversationClosed" }));
    expect(closed.closed).toBe(true);
    expect(reduce(closed, event(said(4, "again"))).closed).toBe(false);
  });

  test("who may not write is told so at the door and when it is decided, and no button or typing bot invites them to", () => {
    const offered = play(event(replied(2)), { do: "frame", frame: welcome([replied(2)]) });
    const blocked = reduce(offered, { do: "frame", frame: { type: "blocked", on: true } });
    expect([blocked.blocked, openReply(blocked), botIsThinking(reduce(blocked, send("m1")))]).toEqual([true, 0, false]);
    expect(openReply(reduce(blocked, { do: "frame", frame: { type: "blocked", on: false } }))).toBe(2);
    expect(play({ do: "frame", frame: { ...welcome([]), blocked: true } }).blocked).toBe(true);
  });

  test("a refused message says why and stays", () => {
    const refused = play(send("m1"), { do: "frame", frame: { type: "error", id: "m1", code: "invalid", message: "too long", field: "text" } });
    expect(refused.pending[0]?.error).toBe("invalid");
  });
});
