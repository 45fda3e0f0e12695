import { expect, test } from "vitest";
import { ALT_KEYS, wishOf } from "../src/assist/keys";
import { KEYS, PRINTED } from "../src/state/keys";

test("the help names keys as they are printed", () => {
  const shown = Object.keys(KEYS).map((key) => PRINTED[key] ?? key);
  expect(shown).toContain("↓");
  expect(shown.join(" ")).not.toMatch(/Arrow|Escape/);
});

test("what the help says of Alt is what it does to the suggestions", () => {
  for (const [act, printed] of Object.entries(ALT_KEYS)) {
    const code = { "1…9": "Digit1", "0": "Digit0", "↵": "Enter" }[printed.split("+").at(-1)!]!;
    expect(wishOf({ code, altKey: true, shiftKey: printed.includes("Shift"), ctrlKey: false, metaKey: false })?.act).toBe(act);
  }
});
