import { beforeEach, expect, test, vi } from "vitest";
import type { Draft } from "../src/protocol";

const calls = vi.hoisted(() => ({ keepDraft: vi.fn(), dropDraft: vi.fn() }));
vi.mock("../src/api/calls", () => calls);
const { Drafts } = await import("../src/state/drafts");

const EMPTY: Draft = { text: "", note: "" };
const held = new Map<string, string>();
let answers: (() => void)[];
let drafts: InstanceType<typeof Drafts>;

beforeEach(() => {
  vi.useFakeTimers();
  held.clear();
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, text: string) => void held.set(key, text),
    removeItem: (key: string) => void held.delete(key),
  });
  answers = [];
  calls.keepDraft.mockReset().mockImplementation(() => new Promise<void>((done) => answers.push(done)));
  drafts = new Drafts("mei");
});

test("what was written before the platform told its draft stays, though it was kept meanwhile", async () => {
  const told = drafts.open("c");
  drafts.keep("c", { text: "hello" });
  const flushed = drafts.flush();
  await vi.advanceTimersByTimeAsync(0);
  answers[0]!();
  await flushed;
  told({ text: "older", note: "a note" });
  expect(drafts.of("c")).toEqual({ text: "hello", note: "a note" });
});

test("a draft that was on its way when a conversation was opened again is not taken back by an older answer", async () => {
  drafts.open("c")(EMPTY);
  drafts.keep("c", { text: "half a" });
  await vi.advanceTimersByTimeAsync(900);
  const told = drafts.open("c");
  answers[0]!();
  await vi.advanceTimersByTimeAsync(0);
  told(EMPTY);
  expect(drafts.of("c").text).toBe("half a");
});

test("what another computer kept is shown when nothing was written here", () => {
  drafts.open("c")({ text: "one", note: "" });
  drafts.open("c")({ text: "two", note: "" });
  expect(drafts.of("c").text).toBe("two");
});

test("drafts are handed over in their order, and who signs out waits for the last one", async () => {
  drafts.open("c")(EMPTY);
  for (const text of ["half", "half a reply"]) {
    drafts.keep("c", { text });
    await vi.advanceTimersByTimeAsync(900);
  }
  expect(calls.keepDraft).toHaveBeenCalledTimes(1);
  let signedOut = false;
  const leaving = drafts.flush().then(() => (signedOut = true));
  answers[0]!();
  await vi.advanceTimersByTimeAsync(0);
  expect([calls.keepDraft.mock.lastCall, signedOut]).toEqual([["c", { text: "half a reply", note: "" }], false]);
  answers[1]!();
  await leaving;
});
