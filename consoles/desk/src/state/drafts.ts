/** What was begun and not sent. The platform keeps it, so that it is there on every computer; this browser holds it only until the platform has it. */

import { shallowReactive } from "vue";
import { dropDraft, keepDraft } from "../api/calls";
import type { Draft } from "../protocol";

const LATER_MS = 800;
const PREFIX = "kefu.desk.draft.";

export class Drafts {
  private readonly known = shallowReactive(new Map<string, Draft>());
  private readonly due = new Map<string, number>();
  /** What is being handed over, one after the other: what was written earlier never comes last. */
  private saves = Promise.resolve();

  constructor(private readonly staff: string) {}

  /** A conversation is opened; what the platform knows is told later. What this browser still holds, or gets meanwhile, goes before it. */
  open(conversation: string): (kept: Draft) => void {
    const unsaved = localStorage.getItem(this.key(conversation));
    if (unsaved) {
      this.known.set(conversation, JSON.parse(unsaved) as Draft);
      this.later(conversation);
    }
    const before = this.known.get(conversation);
    return (kept) => {
      const now = this.known.get(conversation);
      if (!unsaved && now === before) this.known.set(conversation, kept);
      else if (!before && now) this.keep(conversation, { text: now.text || kept.text, note: now.note || kept.note });
    };
  }

  of(conversation: string): Draft {
    return this.known.get(conversation) ?? { text: "", note: "" };
  }

  keep(conversation: string, change: Partial<Draft>): void {
    const draft = { ...this.of(conversation), ...change };
    this.known.set(conversation, draft);
    localStorage.setItem(this.key(conversation), JSON.stringify(draft));
    this.later(conversation);
  }

  /** Hand over to the platform what it does not have yet. */
  async flush(): Promise<void> {
    [...this.due.keys()].forEach((conversation) => this.save(conversation));
    await this.saves;
  }

  /** Nothing of it stays in this browser. */
  forget(): void {
    this.due.forEach((timer) => clearTimeout(timer));
    this.due.clear();
    this.known.clear();
    Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key));
  }

  private key(conversation: string): string {
    return `${PREFIX}${this.staff}.${conversation}`;
  }

  private later(conversation: string): void {
    clearTimeout(this.due.get(conversation));
    this.due.set(conversation, window.setTimeout(() => this.save(conversation), LATER_MS));
  }

  private save(conversation: string): void {
    clearTimeout(this.due.get(conversation));
    this.due.delete(conversation);
    this.saves = this.saves.then(() => this.handOver(conversation));
  }

  private async handOver(conversation: string): Promise<void> {
    const draft = this.known.get(conversation);
    if (!draft) return;
    try {
      await (draft.text || draft.note ? keepDraft(conversation, draft) : dropDraft(conversation));
      if (this.known.get(conversation) === draft) localStorage.removeItem(this.key(conversation));
    } catch {
      // It stays in this browser, and goes with the next key that is pressed or the next time the conversation is opened.
    }
  }
}
