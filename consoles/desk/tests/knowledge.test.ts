import { expect, test, vi } from "vitest";
import { reactive } from "vue";

vi.mock("../src/state/preferences", () => ({ preferences: reactive({ language: "en" }) }));
const { conversationOf, madeOf } = await import("../src/knowledge/words");

test("what a version was made of is told, and a conversation can be opened", () => {
  expect([madeOf("conversation 0a1b, messages 4 6"), conversationOf("conversation 0a1b, messages 4 6")]).toEqual(["from a conversation", "0a1b"]);
  expect([madeOf("as version 2"), conversationOf("as version 2")]).toEqual(["version 2 again", ""]);
  expect([madeOf("by hand"), conversationOf("")]).toEqual(["by hand", ""]);
});
