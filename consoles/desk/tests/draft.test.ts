import { describe, expect, it } from "vitest";
import { draftOf, dropState, flawsOf, newChoice, newDraft, newField, newState, raise, typeFrom } from "../src/setup/draft";
import type { TicketType } from "../src/tickets/calls";

const NAME = { zh: "退款", en: "Refund" };
const SAY = { taken: "taken", twice: "twice", noChoices: "no choices", noEnd: "no end" };
const TYPE: TicketType = {
  id: "refund", name: NAME, group: "sales", retired: false,
  fields: [{ id: "cause", name: NAME, kind: "choice", choices: [{ id: "late", name: NAME }, { id: "broken", name: NAME }], required: true }],
  states: [{ id: "new", name: NAME, kind: "open" }, { id: "asked", name: NAME, kind: "waiting" }, { id: "paid", name: NAME, kind: "done" }],
  moves: { new: ["asked", "paid"], asked: ["new"] },
};

describe("a kind of ticket that is edited", () => {
  it("is the same again when nothing was changed", () => {
    expect(typeFrom(draftOf(TYPE))).toEqual(TYPE);
    expect(flawsOf(draftOf(TYPE), ["refund"], SAY)).toEqual({});
  });

  it("keeps its moves while states are named, put in another order and taken out", () => {
    const draft = draftOf(TYPE);
    const fresh = { ...newState(), id: "", to: [draft.states[2]!.key] };
    draft.states.push(fresh);
    draft.states[0]!.to.push(fresh.key);
    fresh.id = "checked";
    raise(draft.states, 1);
    dropState(draft, draft.states[0]!.key);
    expect(typeFrom(draft).moves).toEqual({ new: ["paid", "checked"], checked: ["paid"] });
    expect(typeFrom(draft).states.map((one) => one.id)).toEqual(["new", "paid", "checked"]);
  });

  it("says what is wrong where it is wrong", () => {
    const draft = newDraft();
    draft.id = "refund";
    draft.states.forEach((one, n) => Object.assign(one, { id: "same", kind: n ? "waiting" : "open" }));
    draft.fields.push({ ...newField(), id: "size", kind: "choice" });
    draft.fields.push({ ...newField(), id: "fit", kind: "choice", choices: [newChoice(), newChoice()].map((one) => ({ ...one, id: "S" })) });
    expect(flawsOf(draft, ["refund"], SAY)).toEqual({
      id: "taken", "states.1.id": "twice", states: "no end", "fields.0.choices": "no choices", "fields.1.choices.1.id": "twice",
    });
  });
});
