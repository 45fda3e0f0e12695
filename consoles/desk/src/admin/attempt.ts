/** What a page tells of its last act, and whether one is under way. */
import { reactive } from "vue";
import { problemOf } from "../state/problem";

export interface Telling {
  told: string;
  busy: boolean;
  /** Do it and tell of success; a refusal is told too. True when it went well. */
  attempt(act: () => Promise<unknown>, done?: string): Promise<boolean>;
}

export function telling(): Telling {
  const state: Telling = reactive({
    told: "",
    busy: false,
    async attempt(act: () => Promise<unknown>, done = "") {
      state.busy = true;
      try {
        await act();
        state.told = done;
        return true;
      } catch (error) {
        state.told = problemOf(error);
        return false;
      } finally {
        state.busy = false;
      }
    },
  });
  return state;
}
