/** What a page or a form tells of its last act: whether it is under way, what came of it, and which fields are at fault. */
import { reactive } from "vue";
import { Refusal } from "../api/client";
import { words } from "../words";
import { problemOf } from "./problem";

/** What is wrong, by the path of the field as the platform names it. */
export type Flaws = Record<string, string>;

export interface Telling {
  told: string;
  flaws: Flaws;
  busy: boolean;
  /** Do it and tell of success, in `done` or in what the act itself told; a refusal is told too. True when it went well. */
  attempt(act: () => Promise<unknown>, done?: string): Promise<boolean>;
  /** Mark what is wrong before the platform is asked. True when nothing is. */
  check(flaws: Flaws): boolean;
}

/** `marks` says in the reader's words what a refusal means for its field; undefined where the platform's own will do.
    A form that shows flaws gives one, any other has the refusal in `told`. */
export function telling(marks?: (refusal: Refusal) => string | undefined): Telling {
  const state: Telling = reactive({
    told: "",
    flaws: {},
    busy: false,
    async attempt(act: () => Promise<unknown>, done = "") {
      Object.assign(state, { busy: true, flaws: {}, told: "" });
      try {
        await act();
        if (done) state.told = done;
        return true;
      } catch (error) {
        state.told = problemOf(error);
        if (marks && error instanceof Refusal && error.field) state.check({ [error.field]: marks(error) ?? state.told });
        return false;
      } finally {
        state.busy = false;
      }
    },
    check(flaws: Flaws) {
      state.flaws = flaws;
      const right = !Object.keys(flaws).length;
      state.told = right ? "" : words.value.problem.marked;
      return right;
    },
  });
  return state;
}
