import { expect, test } from "vitest";
import { KEYS, PRINTED } from "../src/state/keys";

test("the help names keys as they are printed", () => {
  const shown = Object.keys(KEYS).map((key) => PRINTED[key] ?? key);
  expect(shown).toContain("↓");
  expect(shown.join(" ")).not.toMatch(/Arrow|Escape/);
});
