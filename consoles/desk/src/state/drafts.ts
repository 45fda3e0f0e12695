/** What was begun and not sent. The platform keeps it, so that it is there on every computer; this browser holds it only until the platform has it. */

import { shallowReactive } from "vue";
import { dropDraft, keepDraft } from "../api/calls";
import type { Draft } from "../protocol";

const LATER_MS = 800;
const PREFIX = "kefu.desk.draft.";

export class Drafts {
  private readonly known = shallowReactive(new Map<string, Draft>());
  private readonly due = new Map<string, number>();

  constructor(private readonly staff: string) {}

  /** A conversation is opened: what this browser still holds goes before what the platform knows. */
  open(conversation: string, kept: Draft): void {
    const unsaved = localStorage.getItem(this.key(conversation));
    this.known.set(conversation, unsaved ? (JSON.parse(unsaved) as Draft) : kept);
    if (unsaved) this.later(conversation);
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
    await Promise.all([...this.due.keys()].map((conversation) => this.save(conversation)));
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
    this.due.set(conversation, window.setTimeout(() => void this.save(conversation), LATER_MS));
  }

  private async save(conversation: string): Promise<void> {
    clearTimeout(this.due.get(conversation));
    this.due.delete(conversation);
    const draft = this.of(conversation);
    try {
      await (draft.text || draft.note ? keepDraft(conversation, draft) : dropDraft(conversation));
      if (this.of(conversation) === draft) localStorage.removeItem(this.key(conversation));
    } catch {
      // It stays in this browser, and goes with the next key that is pressed or the next time the conversation is opened.
    }
  }
}
